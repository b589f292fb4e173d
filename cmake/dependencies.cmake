# Every library the project borrows is named here, once. A folder of lib/ links what it uses.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tinyxml2 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
if(WIN32)
  set(CURL_USE_STATIC_LIBS ON)
  set(OPENSSL_USE_STATIC_LIBS ON)
  set(ZLIB_USE_STATIC_LIBS ON)
endif()
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
function(paymentctl_find_library target header)
  find_path(${target}_INCLUDE ${header} REQUIRED)
  find_library(${target}_LIBRARY NAMES ${ARGN} REQUIRED)
  add_library(${target} UNKNOWN IMPORTED)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION ${${target}_LIBRARY}
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${${target}_INCLUDE})
endfunction()

paymentctl_find_library(soci_core soci/soci.h soci_core soci_core_4_0)
paymentctl_find_library(soci_sqlite3 soci/sqlite3/soci-sqlite3.h soci_sqlite3 soci_sqlite3_4_0)
if(WIN32)
  # What static libraries of ours need of the system.
  set(system_libraries ws2_32 bcrypt crypt32 advapi32)
  foreach(target CURL::libcurl OpenSSL::Crypto)
    set_property(TARGET ${target} APPEND PROPERTY INTERFACE_LINK_LIBRARIES ${system_libraries})
  endforeach()
  set_property(TARGET CURL::libcurl APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS CURL_STATICLIB)
  set_property(TARGET soci_sqlite3 PROPERTY INTERFACE_LINK_LIBRARIES soci_core)
endif()
if(PAYMENTCTL_POSTGRESQL)
  pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
  paymentctl_find_library(soci_postgresql soci/postgresql/soci-postgresql.h soci_postgresql
                          soci_postgresql_4_0)
endif()
