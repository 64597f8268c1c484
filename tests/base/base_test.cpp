#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "base/edit_distance.h"
#include "base/hash.h"
#include "base/latest.h"
#include "base/result.h"
#include "base/rng.h"
#include "base/text.h"
#include "catch.h"

TEST_CASE("an error reads as one sentence and a next step") {
  const base::Error error{"The file x.png cannot be read", "it ends early", "Use another file."};
  REQUIRE(error.sentence() == "The file x.png cannot be read: it ends early. Use another file.");
}

TEST_CASE("SHA-256 gives the digests of FIPS 180-4") {
  base::Sha256 sha;
  sha.add("abc");
  REQUIRE(sha.hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  base::Sha256 two_blocks;
  two_blocks.add("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
  REQUIRE(two_blocks.hex() == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("a seed means the same numbers, another purpose other numbers") {
  base::Rng a(7), b(7), c(7, "jitter");
  for (int i = 0; i < 100; ++i) REQUIRE(a.bits() == b.bits());
  REQUIRE(base::Rng(7).bits() != c.bits());
}

TEST_CASE("draws below a bound cover it and stay inside, normals have mean 0 and variance 1") {
  base::Rng rng(1);
  std::set<int> seen;
  for (int i = 0; i < 1000; ++i) {
    const int draw = rng.below(7);
    REQUIRE(draw >= 0);
    REQUIRE(draw < 7);
    seen.insert(draw);
  }
  REQUIRE(seen.size() == 7);
  double sum = 0, squares = 0;
  for (int i = 0; i < 20000; ++i) {
    const double x = rng.normal();
    sum += x, squares += x * x;
  }
  REQUIRE(std::abs(sum / 20000) < 0.03);
  REQUIRE(squares / 20000 == Approx(1.0).margin(0.05));
}

TEST_CASE("the newest request wins and is taken once") {
  base::Latest<int> mailbox;
  mailbox.put(1);
  mailbox.put(2);
  REQUIRE(mailbox.take() == 2);
  REQUIRE_FALSE(mailbox.take().has_value());
}

TEST_CASE("the edit distance counts changed letters, is the same both ways and takes no detour") {
  REQUIRE(base::edit_distance("kitten", "sitting") == 3);
  REQUIRE(base::edit_distance("", "abc") == 3);
  base::Rng rng(5);
  const auto word = [&] {
    std::string made(static_cast<std::size_t>(rng.below(8)), 'a');
    for (char& letter : made) letter = static_cast<char>('a' + rng.below(3));
    return made;
  };
  for (int i = 0; i < 500; ++i) {
    const std::string a = word(), b = word(), c = word();
    const std::size_t distance = base::edit_distance(a, b);
    REQUIRE((distance == 0) == (a == b));
    REQUIRE(distance == base::edit_distance(b, a));
    REQUIRE(distance <= std::max(a.size(), b.size()));
    REQUIRE(distance <= base::edit_distance(a, c) + base::edit_distance(c, b));
  }
}

TEST_CASE("Text is UTF-8 or not from its first wrong byte, and what a terminal would obey is written out") {
  for (const std::string text : {"", "plain", "\xC3\xBC", "\xE2\x80\x93", "\xF0\x9F\x98\x80"})
    REQUIRE(base::first_not_utf8(text) == std::string::npos);
  const std::pair<std::string, std::size_t> wrong[] = {{"a\xFC", 1},           {"\x80", 0},         {"\xC0\xAF", 0},
                                                       {"ab\xE2\x80", 2},      {"\xED\xA0\x80", 0}, {"\xE0\x80\xAF", 0},
                                                       {"\xF4\x90\x80\x80", 0}};
  for (const auto& [text, at] : wrong) REQUIRE(base::first_not_utf8(text) == at);
  REQUIRE(base::printable("a\x1B[31m\xC2\x9B\x7F\xFC\xC3\xBC") == "a\\x1B[31m\\xC2\\x9B\\x7F\\xFC\xC3\xBC");
  REQUIRE(base::printable(std::string(1, '\0')) == "\\x00");
  const base::Error error{"The file \x1Bx", "it is\nbroken", "Use another"};
  REQUIRE(error.sentence() == "The file \\x1Bx: it is broken. Use another.");
}
