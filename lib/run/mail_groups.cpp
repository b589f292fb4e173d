#include "run/mail_groups.hpp"

#include <utility>

#include <fmt/format.h>

#include "model/error.hpp"

namespace paymentctl {

std::optional<MailLines> MailGroups::add(const Source& source, Json line) {
  Open& mail = open_.try_emplace(source.sha256, Open{source, {}}).first->second;
  if (mail.source.count != source.count) {
    throw Error(ExitCode::data, fmt::format("mail {} is said to hold {} payments and then {}; "
                                            "parse it again",
                                            source.path, mail.source.count, source.count));
  }
  if (!mail.lines.emplace(source.index, std::move(line)).second) {
    throw Error(ExitCode::data, fmt::format("payment {} of mail {} came twice; parse the mail "
                                            "again",
                                            source.index, source.path));
  }
  ++waiting_;
  if (mail.lines.size() < static_cast<std::size_t>(source.count)) {
    if (waiting_ > most_waiting) {
      throw Error(ExitCode::data, fmt::format("more than {} payments wait for the other lines of "
                                              "their mails; is the input sorted by something else?",
                                              most_waiting));
    }
    return std::nullopt;
  }
  MailLines whole{std::move(mail.source), {}};
  for (auto& [index, each] : mail.lines) whole.lines.push_back(std::move(each));
  waiting_ -= whole.lines.size();
  open_.erase(source.sha256);
  return whole;
}

std::vector<Source> MailGroups::incomplete() const {
  std::vector<Source> sources;
  for (const auto& [sha256, mail] : open_) sources.push_back(mail.source);
  return sources;
}

}  // namespace paymentctl
