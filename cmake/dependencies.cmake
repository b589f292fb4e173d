# Every library the project borrows is named here, once. A folder of lib/ links what it uses.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tinyxml2 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(CURL REQUIRED)
find_package(EXPAT REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)

pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(GUMBO REQUIRED IMPORTED_TARGET gumbo)

# The system's resolver: part of the C library where the library is new enough (glibc 2.34).
if(WIN32)
  set(PAYMENTCTL_DNS dnsapi ws2_32)
else()
  set(PAYMENTCTL_DNS resolv)
endif()

# A library without a CMake package or a .pc file.
function(paymentctl_find_library target header library)
  find_path(${target}_INCLUDE ${header} REQUIRED)
  find_library(${target}_LIBRARY ${library} REQUIRED)
  add_library(${target} UNKNOWN IMPORTED)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION ${${target}_LIBRARY}
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${${target}_INCLUDE})
endfunction()

paymentctl_find_library(soci_core soci/soci.h soci_core)
paymentctl_find_library(soci_sqlite3 soci/sqlite3/soci-sqlite3.h soci_sqlite3)
paymentctl_find_library(soci_postgresql soci/postgresql/soci-postgresql.h soci_postgresql)
