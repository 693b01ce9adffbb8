# Files of a Linux desktop and of systemd, and the .deb.
include(GNUInstallDirs)
set(linux ${CMAKE_CURRENT_LIST_DIR})
set(icons ${PROJECT_SOURCE_DIR}/resources/icons/app)
set(application org.gatehouse.Gatehouse)

install(FILES ${linux}/gatehouse.user.service RENAME gatehouse.service DESTINATION lib/systemd/user)
install(FILES ${linux}/gatehouse.system.service RENAME gatehouse.service
    DESTINATION lib/systemd/system)
# By the program itself, which knows its commands.
install(CODE "
    foreach(shell IN ITEMS bash zsh fish)
        execute_process(COMMAND \"$<TARGET_FILE:gatehouse>\" completion \${shell}
            OUTPUT_FILE \"${CMAKE_CURRENT_BINARY_DIR}/completion.\${shell}\"
            COMMAND_ERROR_IS_FATAL ANY)
    endforeach()")
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/completion.bash RENAME gatehouse
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/completion.zsh RENAME _gatehouse
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/completion.fish RENAME gatehouse.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${linux}/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/gatehouse)
set(monitoring ${PROJECT_SOURCE_DIR}/packaging/monitoring)
install(FILES ${monitoring}/gatehouse-alerts.yml ${monitoring}/gatehouse-dashboard.json
    DESTINATION ${CMAKE_INSTALL_DATADIR}/gatehouse/monitoring)

if(GATEHOUSE_WINDOW)
    install(FILES ${linux}/${application}.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
    install(FILES ${linux}/${application}.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
    set(hicolor ${CMAKE_INSTALL_DATADIR}/icons/hicolor)
    foreach(side IN ITEMS 16 22 24 32 48 64 128 256 512)
        install(FILES ${icons}/gatehouse-${side}.png RENAME ${application}.png
            DESTINATION ${hicolor}/${side}x${side}/apps)
    endforeach()
    install(FILES ${icons}/gatehouse.svg RENAME ${application}.svg
        DESTINATION ${hicolor}/scalable/apps)
    install(FILES ${icons}/gatehouse-symbolic.svg RENAME ${application}-symbolic.svg
        DESTINATION ${hicolor}/symbolic/apps)
endif()

# Debian wants both compressed, and without the time of the compression.
find_program(GZIP gzip)
mark_as_advanced(GZIP)
function(install_compressed source name destination)
    if(NOT GZIP)
        install(FILES ${source} RENAME ${name} DESTINATION ${destination})
        return()
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    set(compressed ${CMAKE_CURRENT_BINARY_DIR}/${name}.gz)
    execute_process(COMMAND ${GZIP} -9 -n -c ${source} OUTPUT_FILE ${compressed}
        COMMAND_ERROR_IS_FATAL ANY)
    install(FILES ${compressed} DESTINATION ${destination})
endfunction()
install_compressed(${linux}/gatehouse.1 gatehouse.1 ${CMAKE_INSTALL_MANDIR}/man1)
install_compressed(${PROJECT_SOURCE_DIR}/CHANGELOG.md changelog
    ${CMAKE_INSTALL_DATADIR}/doc/gatehouse)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What is loaded at run time is seen by no linker: the database drivers, and plugins of Qt.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libqt6sql6-sqlite")
if(GATEHOUSE_WINDOW)
    string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", qt6-qpa-plugins")
    set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
        "gnome-keyring | kwalletmanager, qt6-wayland, hicolor-icon-theme")
endif()
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libqt6sql6-psql")
