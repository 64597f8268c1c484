// Catch2 v2 (Debian 12) or v3 (Debian 13), whichever is installed. Tests say REQUIRE: CHECK is base/check.h's,
// everywhere.
#pragma once
#pragma push_macro("CHECK")
#undef CHECK
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
#undef CHECK
#pragma pop_macro("CHECK")
