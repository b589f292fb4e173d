#include "platform/files.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "error_of.hpp"
#include "platform/file_batch.hpp"
#include "scratch.hpp"

using namespace paymentctl;
using Catch::Matchers::Contains;

TEST_CASE("a file is read whole up to its limit and refused beyond it") {
  const Scratch scratch;
  put(scratch / "five", "12345");
  CHECK(read_file(scratch / "five", 5) == "12345");
  const Error error = error_of([&] { read_file(scratch / "five", 4); });
  CHECK(error.code() == ExitCode::data);
  CHECK_THAT(error.what(), Contains("five") && Contains("4 bytes"));
  put(scratch / "none", "");
  CHECK(read_file(scratch / "none", 0).empty());
}

TEST_CASE("a file that is not there is named, with the reason and exit code 66") {
  const Error error = error_of([] { read_file("/nowhere/box.xml", 10); });
  CHECK(error.code() == ExitCode::no_input);
  CHECK_THAT(error.what(), Contains("/nowhere/box.xml") && Contains("No such file"));
}

TEST_CASE("a folder tells what stands in it, or else a look does") {
  const Scratch scratch;
  put(scratch / "a.eml", "mail");
  create_folders(scratch / "b");
  const NameList listed = names_in(scratch / "");
  NameList untold;
  untold.push_back("a.eml", std::nullopt);
  untold.push_back("b", std::nullopt);
  untold.push_back("gone", std::nullopt);
  for (const NameList* names : std::vector<const NameList*>{&listed, &untold}) {
    CHECK(type_of(*names, 0, scratch / "a.eml") == FileType::regular);
    CHECK(type_of(*names, 1, scratch / "b") == FileType::folder);
  }
  CHECK_FALSE(type_of(untold, 2, scratch / "gone"));
}

TEST_CASE("folders are created for their owner only, and files too") {
  const Scratch scratch;
  create_folders(scratch / "a/b/c");
  CHECK(is_for_owner_only(scratch / "a"));
  CHECK(is_for_owner_only(scratch / "a/b/c"));
  create_folders(scratch / "a/b/c");
  write_private_file(scratch / "a/token", "secret");
  write_private_file(scratch / "a/token", "newer");
  CHECK(is_for_owner_only(scratch / "a/token"));
  CHECK(content_of(scratch / "a/token") == "newer");
  CHECK(list_folder(scratch / "a") == std::vector<std::string>{"b", "token"});
}

TEST_CASE("a folder cannot be created where a file stands") {
  const Scratch scratch;
  put(scratch / "a", "");
  CHECK(error_of([&] { create_folders(scratch / "a"); }).code() == ExitCode::cannot_create);
  CHECK(error_of([&] { create_folders(scratch / "a/b"); }).code() == ExitCode::cannot_create);
}

TEST_CASE("a file that is written to while it is read is not taken") {
  const Scratch scratch;
  put(scratch / "mail", std::string(100000, 'x'));
  {
    std::ofstream writer(scratch / "mail", std::ios::app);
    const auto grown =
        read_stable(scratch / "mail", [&](std::string_view) { writer << "more" << std::flush; });
    CHECK_FALSE(grown);
  }
  std::string got;
  const auto quiet = read_stable(scratch / "mail", [&](std::string_view bytes) { got += bytes; });
  REQUIRE(quiet);
  CHECK(quiet == look_at(scratch / "mail"));
  CHECK(got == content_of(scratch / "mail"));
}

TEST_CASE("a batch shows nothing before its commit and everything after it") {
  const Scratch scratch;
  const auto folder = scratch / "2026-08-24";
  FileBatch batch(folder);
  for (int i = 0; i < 20; ++i) batch.add(std::to_string(i) + ".eml", std::string(5000, 'x'));
  const std::size_t dropped = batch.open("dropped.eml");
  batch.drop(dropped);
  const auto is_mail = [](const std::string& name) { return name.ends_with(".eml"); };
  auto names = list_folder(folder);
  CHECK(std::count_if(names.begin(), names.end(), is_mail) == 0);
  batch.commit();
  names = list_folder(folder);
  CHECK(names.size() == 20);
  CHECK(std::count_if(names.begin(), names.end(), is_mail) == 20);
  CHECK(is_for_owner_only(folder / "7.eml"));
  CHECK(content_of(folder / "7.eml") == std::string(5000, 'x'));
}

TEST_CASE("a batch that is not committed leaves nothing behind") {
  const Scratch scratch;
  const auto folder = scratch / "day";
  {
    FileBatch batch(folder);
    batch.add("a.eml", "x");
    batch.open("b.eml");
  }
  CHECK(list_folder(folder).empty());
}

TEST_CASE("a batch overwrites nothing") {
  const Scratch scratch;
  put(scratch / "a.eml", "older");
  FileBatch batch(scratch);
  batch.add("a.eml", "newer");
  CHECK(error_of([&] { batch.commit(); }).code() == ExitCode::cannot_create);
  CHECK(content_of(scratch / "a.eml") == "older");
}

TEST_CASE("only what a kill left staged long ago is swept away") {
  const Scratch scratch;
  put(scratch / FileBatch::temporary_name("old.eml"), "x");
  put(scratch / FileBatch::temporary_name("new.eml"), "x");
  put(scratch / "kept.eml", "x");
  const auto two_days_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(48);
  for (const char* name : {"kept.eml", ".old.eml.part"}) {
    std::filesystem::last_write_time(scratch / name, two_days_ago);
  }
  FileBatch::sweep(scratch);
  CHECK(list_folder(scratch) == std::vector<std::string>{".new.eml.part", "kept.eml"});
}
