#include "fuzz_target.h"
#include "net/graphdef_import.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::use(net::import_graphdef(std::as_bytes(std::span(data, size)), "fuzz.pb"));
  return 0;
}
