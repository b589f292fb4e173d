#include "platform/files.hpp"

#include <algorithm>

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "model/error.hpp"
#include "platform/file_batch.hpp"
#include "scratch.hpp"

using namespace paymentctl;
using Catch::Matchers::Contains;

namespace {

/// The Error that `work` ends with.
template <typename Work>
Error error_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  return {ExitCode::ok, "no error"};
}

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777u;
}

}  // namespace

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

TEST_CASE("a file without a size of its own is read whole") {
  CHECK_FALSE(read_file("/proc/self/status", 1u << 20).empty());
}

TEST_CASE("a file that is not there is named, with the reason and exit code 66") {
  const Error error = error_of([] { read_file("/nowhere/box.xml", 10); });
  CHECK(error.code() == ExitCode::no_input);
  CHECK_THAT(error.what(), Contains("/nowhere/box.xml") && Contains("No such file"));
}

TEST_CASE("folders are created for their owner only, and files too") {
  const Scratch scratch;
  create_folders(scratch / "a/b/c");
  CHECK(mode_of(scratch / "a") == 0700);
  CHECK(mode_of(scratch / "a/b/c") == 0700);
  create_folders(scratch / "a/b/c");
  write_private_file(scratch / "a/token", "secret");
  write_private_file(scratch / "a/token", "newer");
  CHECK(mode_of(scratch / "a/token") == 0600);
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
  const auto grown = read_stable(scratch / "mail", [&](std::string_view) {
    std::ofstream(scratch / "mail", std::ios::app) << "more";
  });
  CHECK_FALSE(grown);
  std::string got;
  const auto quiet = read_stable(scratch / "mail", [&](std::string_view bytes) { got += bytes; });
  REQUIRE(quiet);
  CHECK(quiet == look_at(scratch / "mail"));
  CHECK(got == content_of(scratch / "mail"));
}

TEST_CASE("a symbolic link, a pipe and a folder are no mail") {
  const Scratch scratch;
  put(scratch / "real", "x");
  std::filesystem::create_symlink(scratch / "real", scratch / "link");
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  create_folders(scratch / "folder");
  for (const char* name : {"link", "pipe", "folder"}) {
    const Error error = error_of([&] { read_stable(scratch / name, [](std::string_view) {}); });
    CHECK(error.code() == ExitCode::no_input);
  }
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
  CHECK(mode_of(folder / "7.eml") == 0600);
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

TEST_CASE(
    "a full disk is an input/output error that says what to do, and leaves no part of a file") {
  const Scratch scratch;
  const SmallDisk disk(scratch / "disk", "64k");
  {
    FileBatch batch(scratch / "disk/day");
    const Error error = error_of([&] {
      for (int i = 0; i < 100; ++i) batch.add(std::to_string(i), std::string(4000, 'x'));
      batch.commit();
    });
    CHECK(error.code() == ExitCode::io);
    CHECK_THAT(error.what(), Contains("No space left") && Contains("free some space"));
  }
  CHECK(list_folder(scratch / "disk/day").empty());
}

TEST_CASE("a read-only disk cannot be written: exit code 73, and what to do") {
  const Scratch scratch;
  SmallDisk disk(scratch / "disk", "64k");
  create_folders(scratch / "disk/day");
  disk.make_read_only();
  const auto staged = [&] { FileBatch(scratch / "disk/day").add("a", "x"); };
  const auto folder = [&] { create_folders(scratch / "disk/other"); };
  CHECK(error_of(staged).code() == ExitCode::cannot_create);
  CHECK(error_of(folder).code() == ExitCode::cannot_create);
  CHECK_THAT(error_of(staged).what(), Contains("Read-only") && Contains("mount it for writing"));
}
