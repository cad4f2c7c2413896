include(${CMAKE_CURRENT_LIST_DIR}/yolox4jTargets.cmake)
