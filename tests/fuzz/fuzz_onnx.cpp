#include "fuzz_target.h"
#include "net/onnx_import.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::use(net::import_onnx(std::as_bytes(std::span(data, size)), "fuzz.onnx"));
  return 0;
}
