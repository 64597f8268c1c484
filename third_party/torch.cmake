# third_party::torch: LibTorch 1.13 to current. UNITSCOPE_TORCH names an unpacked one or a wheel's; else the system's.
if(NOT "${UNITSCOPE_TORCH}" STREQUAL "${UNITSCOPE_TORCH_OF_LAST_CONFIGURE}")
  unset(Torch_DIR CACHE)
  unset(Caffe2_DIR CACHE)
  unset(C10_LIBRARY CACHE)
  unset(TORCH_LIBRARY CACHE)
  unset(c10_CUDA_LIBRARY CACHE)
endif()
set(UNITSCOPE_TORCH_OF_LAST_CONFIGURE "${UNITSCOPE_TORCH}" CACHE INTERNAL "")

if(UNITSCOPE_TORCH)
  if(NOT EXISTS ${UNITSCOPE_TORCH}/share/cmake/Torch/TorchConfig.cmake)
    message(FATAL_ERROR "UNITSCOPE_TORCH=${UNITSCOPE_TORCH} has no share/cmake/Torch/TorchConfig.cmake: give the folder "
                        "'libtorch' of an unpacked LibTorch, or the folder 'torch' of an installed Python wheel.")
  endif()
  # The folder itself comes first, or the distribution's libc10 is linked by mistake.
  list(PREPEND CMAKE_PREFIX_PATH ${UNITSCOPE_TORCH})
  # A LibTorch with CUDA enables CMake's CUDA language where it finds a compiler. We compile no CUDA: C++17 because
  # CMake 3.25 does not know nvcc's C++20, and any architecture that every nvcc of the last years knows.
  set(CMAKE_CUDA_STANDARD 17)
  if(NOT DEFINED ENV{TORCH_CUDA_ARCH_LIST})
    set(ENV{TORCH_CUDA_ARCH_LIST} 8.0)
  endif()
  if(NOT DEFINED TORCH_CUDA_ARCH_LIST)
    set(TORCH_CUDA_ARCH_LIST $ENV{TORCH_CUDA_ARCH_LIST})
  endif()
endif()

find_package(Torch 1.13 REQUIRED)
if(TORCH_CXX_FLAGS MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
  message(FATAL_ERROR "The LibTorch in ${UNITSCOPE_TORCH} was built with the old C++ ABI (_GLIBCXX_USE_CXX11_ABI=0), which "
                      "cannot be linked with the system's libraries: use the cxx11-ABI download, or a wheel of 2.7 or later.")
endif()
message(STATUS "LibTorch ${Torch_VERSION} from ${TORCH_INSTALL_PREFIX}")

third_party(torch ${TORCH_LIBRARIES})
target_include_directories(third_party_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
