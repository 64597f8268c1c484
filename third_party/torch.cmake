# third_party::torch: LibTorch 1.13 to current. UNITSCOPE_TORCH names an unpacked one; else the system's.
if(UNITSCOPE_TORCH)
  # The folder itself comes first, or the distribution's libc10 is linked by mistake.
  list(PREPEND CMAKE_PREFIX_PATH ${UNITSCOPE_TORCH})
endif()
find_package(Torch REQUIRED)
add_library(third_party_torch INTERFACE)
add_library(third_party::torch ALIAS third_party_torch)
target_include_directories(third_party_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_link_libraries(third_party_torch INTERFACE ${TORCH_LIBRARIES})
