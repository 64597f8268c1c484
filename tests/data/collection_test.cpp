#include "data/collection.h"

#include <cstdlib>

#include "../core/test_files.h"
#include "catch.h"
#include "core/csv.h"

namespace {

void put(const std::filesystem::path& path, const std::string& text = "x") {
  REQUIRE(core::save_text(path, text).ok());
}

}  // namespace

TEST_CASE("a folder lists its pictures in natural order, and what it skips with the reason") {
  const TestFolder folder;
  for (const char* name : {"img10.png", "img2.PNG", "img1.jpeg", "b.jpg", "img02.jpg", "notes.txt", ".hidden.png"})
    put(folder / name);
  put(folder / "empty.png", "");
  put(folder / "old.gif");
  std::filesystem::create_directories(folder / "below.png");
  const auto collection = data::open_collection(folder.path()).value();
  std::string names;
  for (const auto& picture : collection.pictures) names += picture.name + " ";
  REQUIRE(names == "b.jpg img1.jpeg img2.PNG img02.jpg img10.png ");
  REQUIRE(collection.skipped.size() == 2);
  REQUIRE(collection.skipped[0].reason.sentence().find("empty") != std::string::npos);
  REQUIRE(collection.skipped[1].reason.sentence().find("PNG and JPEG") != std::string::npos);
  REQUIRE(collection.name == folder.path().filename().string());
}

TEST_CASE("a table beside the pictures gives labels and masks, but no way out of the folder") {
  const TestFolder folder;
  put(folder / "a.png");
  put(folder / "b.png");
  put(folder / "c.png");
  put(folder / "collection.csv",
      "file,label,mask\r\na.png,\"cat, black\",masks/a.png\r\nb.png,dog,../../secret.png\r\nc.png\r\n");
  const auto pictures = data::open_collection(folder.path()).value().pictures;
  REQUIRE(pictures[0].label == "cat, black");
  REQUIRE(pictures[0].mask == folder / "masks/a.png");
  REQUIRE(pictures[1].label == "dog");
  REQUIRE(pictures[1].mask.empty());
  REQUIRE(pictures[2].label.empty());
}

TEST_CASE("the table says what a picture was made of") {
  const TestFolder folder;
  put(folder / "a.png");
  put(folder / "b.png");
  put(folder / "collection.csv",
      "file,background_source,object_source\r\na.png,meadow.jpg,cat.png\r\nb.png,sky.jpg\r\n");
  const auto pictures = data::open_collection(folder.path()).value().pictures;
  REQUIRE(pictures[0].object_source == "cat.png");
  REQUIRE(pictures[0].background_source == "meadow.jpg");
  REQUIRE(pictures[1].object_source.empty());
  REQUIRE(pictures[1].background_source == "sky.jpg");
}

TEST_CASE("a table without the column of files is said to be unused; the pictures are there") {
  const TestFolder folder;
  put(folder / "a.png");
  put(folder / "collection.csv", "picture,label\na.png,cat\n");
  const auto collection = data::open_collection(folder.path()).value();
  REQUIRE(collection.pictures.size() == 1);
  REQUIRE(collection.skipped.size() == 1);
}

TEST_CASE("a folder that is none is refused") {
  const TestFolder folder;
  put(folder / "file");
  REQUIRE_FALSE(data::open_collection(folder / "file").ok());
  REQUIRE_FALSE(data::open_collection(folder / "none").ok());
}

TEST_CASE("rows of a table read back as they were written") {
  const std::vector<std::string> cells = {"plain", "", "with, comma", "with \"quotes\"", "two\nlines"};
  REQUIRE(core::parse_csv(core::csv_row(cells) + core::csv_row({"x"})) ==
          std::vector<std::vector<std::string>>{cells, {"x"}});
  REQUIRE(core::parse_csv("a,b\n\n\"open").size() == 2);
}

TEST_CASE("the starter pictures' place can be chosen") {
  ::setenv("UNITSCOPE_STARTER", "/somewhere/pictures", 1);
  REQUIRE(data::starter_folder() == "/somewhere/pictures");
  ::unsetenv("UNITSCOPE_STARTER");
  REQUIRE(data::starter_folder().filename() == "starter");
}
