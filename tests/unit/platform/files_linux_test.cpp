// What a test can have on Linux only: pipes, file systems of its own.
#ifdef __linux__
#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "error_of.hpp"
#include "platform/file_batch.hpp"
#include "platform/files.hpp"
#include "scratch.hpp"
#include "small_disk.hpp"

using namespace paymentctl;
using Catch::Matchers::Contains;

TEST_CASE("a file without a size of its own is read whole") {
  CHECK_FALSE(read_file("/proc/self/status", 1u << 20).empty());
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
#endif
