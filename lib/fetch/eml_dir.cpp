#include "fetch/eml_dir.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "fetch/intake.hpp"
#include "model/ascii.hpp"
#include "model/error.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"

namespace paymentctl {
namespace {

constexpr std::chrono::seconds quiet_time{2};

struct Candidate {
  std::string name;
  FileFacts facts;
};

enum class Ask { keep, remove };

/// Whether `inner` is `outer` or lies below it, symbolic links resolved.
bool lies_in(const std::filesystem::path& inner, const std::filesystem::path& outer) {
  std::error_code ignored;
  const auto a = std::filesystem::weakly_canonical(inner, ignored);
  const auto b = std::filesystem::weakly_canonical(outer, ignored);
  return !a.empty() && !b.empty() &&
         std::mismatch(b.begin(), b.end(), a.begin(), a.end()).first == b.end();
}

void demand_apart(const std::filesystem::path& folder, const std::filesystem::path& archive) {
  if (lies_in(folder, archive) || lies_in(archive, folder)) {
    throw Error(
        ExitCode::config,
        fmt::format("the folder of mails {} and the archive {} lie one in the other, so the "
                    "archive would be read and emptied; name two folders that are apart",
                    display(folder), display(archive)));
  }
}

/// One pass over a folder of mails.
class EmlFolder {
 public:
  EmlFolder(const std::filesystem::path& folder, Ask ask, const FetchContext& context)
      : folder_(folder),
        ask_(ask),
        context_(context),
        intake_(context, report_,
                [this](const std::vector<std::size_t>& tickets) { release(tickets); }) {}

  FetchReport read(bool wait) {
    const Timestamp start = context_.clock.now();
    std::vector<Candidate> warm;
    const NameList names = names_in(folder_);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (context_.stop.stop_requested()) break;
      if (!ascii::ends_with(names[i], ".eml")) continue;
      std::string name(names[i]);
      const auto facts = look(name);
      if (!facts) continue;
      if (wait && facts->modified + quiet_time > start) {
        warm.push_back({std::move(name), *facts});
      } else {
        take(name, *facts);
      }
    }
    intake_.commit();
    if (!warm.empty() && !context_.stop.stop_requested()) take_again(std::move(warm), start);
    return std::move(report_);
  }

 private:
  void fail(const std::string& name, const std::string& why) {
    ++report_.failed;
    report_.problem(fmt::format("{}: {}", display(path_of(name)), why));
  }

  [[nodiscard]] std::filesystem::path path_of(const std::string& name) const {
    return folder_ / path_from_utf8(name);
  }

  [[nodiscard]] bool is_there(const std::string& name) const {
    std::error_code ignored;
    return std::filesystem::exists(std::filesystem::symlink_status(path_of(name), ignored));
  }

  std::optional<FileFacts> look(const std::string& name) {
    try {
      const auto facts = look_at(path_of(name));
      // Gone since the folder was listed, or a folder with such a name.
      if (!facts || facts->type == FileType::folder) return std::nullopt;
      if (facts->type == FileType::regular) return facts;
      fail(name, "it is no regular file, so it is left alone; put the mail itself there");
    } catch (const Error& error) {
      fail(name, error.what());
    }
    return std::nullopt;
  }

  /// The files that were changed just before we came.
  void take_again(std::vector<Candidate> warm, Timestamp start) {
    const auto passed = context_.clock.now() - start;
    if (passed < quiet_time) {
      context_.sleep(std::chrono::ceil<std::chrono::milliseconds>(quiet_time - passed));
    }
    for (const Candidate& candidate : warm) {
      if (context_.stop.stop_requested()) break;
      const auto facts = look(candidate.name);
      if (!facts) continue;
      if (*facts == candidate.facts) {
        take(candidate.name, *facts);
      } else {
        ++report_.left;
      }
    }
    intake_.commit();
  }

  void take(const std::string& name, const FileFacts& seen) {
    std::optional<FileFacts> read;
    try {
      read = read_stable(path_of(name), [this](std::string_view bytes) { archive(bytes); });
    } catch (const Error& error) {
      if (archive_failed_) throw;
      intake_.cancel();
      if (is_there(name)) fail(name, error.what());
      return;
    }
    if (!read || *read != seen) {
      intake_.cancel();
      ++report_.left;
      return;
    }
    taken_.push_back({name, seen});
    intake_.finish(taken_.size() - 1);
  }

  /// A fault of one file passes, a fault of the archive ends the run: so they are told apart here.
  void archive(std::string_view bytes) {
    archive_failed_ = true;
    intake_.append(bytes);
    archive_failed_ = false;
  }

  void release(const std::vector<std::size_t>& tickets) {
    if (ask_ == Ask::remove && context_.releases) {
      for (const std::size_t ticket : tickets) remove(taken_[ticket]);
    }
    taken_.clear();
  }

  void remove(const Candidate& candidate) {
    try {
      const auto facts = look_at(path_of(candidate.name));
      if (!facts) return;
      if (*facts == candidate.facts) {
        remove_file(path_of(candidate.name));
      } else {
        // Somebody wrote to it after we read it: what stands there now is another mail.
        ++report_.left;
      }
    } catch (const Error& error) {
      fail(candidate.name, fmt::format("it is recorded, but {}", error.what()));
    }
  }

  const std::filesystem::path& folder_;
  Ask ask_;
  const FetchContext& context_;
  FetchReport report_;
  std::vector<Candidate> taken_;
  Intake intake_;
  bool archive_failed_ = false;
};

}  // namespace

FetchReport fetch_eml_dir(const std::filesystem::path& folder, const FetchContext& context) {
  demand_apart(folder, context.archive);
  return EmlFolder(folder, Ask::remove, context).read(true);
}

FetchReport import_eml_dir(const std::filesystem::path& folder, bool remove,
                           const FetchContext& context) {
  demand_apart(folder, context.archive);
  return EmlFolder(folder, remove ? Ask::remove : Ask::keep, context).read(false);
}

}  // namespace paymentctl
