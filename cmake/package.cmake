# What `cmake --install` puts where, and the Debian package: cpack -G DEB in the build folder.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # the binary is enough; tests are not installed

install(TARGETS paymentctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/samples/ DESTINATION share/paymentctl/samples)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
        DESTINATION share/doc/paymentctl)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/paymentctl RENAME copyright)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/paymentctl@.service DESTINATION lib/systemd/system)

# The manual compressed and the completions as the binary itself prints them.
set(generated ${PROJECT_BINARY_DIR}/package)
install(CODE "
  file(MAKE_DIRECTORY ${generated})
  execute_process(COMMAND gzip -9nc ${PROJECT_SOURCE_DIR}/packaging/paymentctl.1
                  OUTPUT_FILE ${generated}/paymentctl.1.gz COMMAND_ERROR_IS_FATAL ANY)
  foreach(shell bash zsh fish)
    execute_process(COMMAND $<TARGET_FILE:paymentctl> completion \${shell}
                    OUTPUT_FILE ${generated}/\${shell} COMMAND_ERROR_IS_FATAL ANY)
  endforeach()")
install(FILES ${generated}/paymentctl.1.gz DESTINATION share/man/man1)
install(FILES ${generated}/bash DESTINATION share/bash-completion/completions RENAME paymentctl)
install(FILES ${generated}/zsh DESTINATION share/zsh/vendor-completions RENAME _paymentctl)
install(FILES ${generated}/fish DESTINATION share/fish/vendor_completions.d RENAME paymentctl.fish)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME paymentctl)
set(CPACK_PACKAGE_VENDOR paymentctl)
set(CPACK_PACKAGE_CONTACT "paymentctl <paymentctl@example.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS ca-certificates)
include(CPack)
