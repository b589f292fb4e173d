#include "run/judge.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "parse/catalog.hpp"
#include "platform/sha256.hpp"

namespace paymentctl {
namespace {

/// Raised when a change of the program makes it judge the same mail differently.
constexpr std::string_view judging_version = "1";

std::string digest_of(const Catalog& catalog, const ParseSettings& settings) {
  std::string text(judging_version);
  text.append("\n").append(catalog.text()).append("\n").append(settings.bank);
  std::vector<std::string> accounts;
  for (const OwnAccount& own : settings.own_accounts) {
    accounts.push_back(own.account.str() + ":" + std::string(own.currency.code()));
  }
  std::sort(accounts.begin(), accounts.end());
  for (const std::string& account : accounts) text.append("\nown ").append(account);
  std::vector<std::string> forwarders = settings.trusted_forwarders;
  std::sort(forwarders.begin(), forwarders.end());
  for (const std::string& address : forwarders) text.append("\nforwarder ").append(address);
  return sha256(text).substr(0, 16);
}

Json line_without_payment(std::string_view type, const Source& source, const std::string& reason) {
  return {{"type", type}, {"source", to_json(source)}, {"reason", reason}};
}

}  // namespace

Judge::Judge(const Catalog& catalog, ParseSettings settings, MailLimits limits)
    : catalog_(catalog),
      settings_(std::move(settings)),
      limits_(limits),
      policy_(digest_of(catalog_, settings_)) {}

JudgedMail Judge::judge(std::string_view bytes, std::string path, std::string digest) const {
  Message message = decode_mail(bytes, limits_);
  JudgedMail result{{}, read_notice(message, catalog_, settings_)};
  result.sender = message.from_address;
  result.source.path = std::move(path);
  result.source.sha256 = digest.empty() ? sha256(bytes) : std::move(digest);
  result.source.message_id = std::move(message.message_id);
  result.source.policy = policy_;
  if (auto* payments = std::get_if<Payments>(&result.notice)) {
    for (Payment& payment : *payments) {
      Source source = result.source;
      source.index = payment.source.index;
      source.count = payment.source.count;
      source.format = std::move(payment.source.format);
      payment.source = std::move(source);
    }
  }
  return result;
}

JudgedMail Judge::oversize(std::string path, std::string sha256, std::uint64_t size,
                           std::uint64_t limit) const {
  JudgedMail result;
  result.source.path = std::move(path);
  result.source.sha256 = std::move(sha256);
  result.source.policy = policy_;
  result.notice = Unrecognised{
      fmt::format("the mail has {} bytes, more than maxMailSize ({}), so it was not read", size,
                  limit),
      ""};
  return result;
}

std::string Judge::explain(std::string_view bytes) const {
  return explain_notice(decode_mail(bytes, limits_), catalog_, settings_);
}

std::vector<Payment*> payments_of(JudgedMail& mail) {
  std::vector<Payment*> all;
  if (auto* const payments = std::get_if<Payments>(&mail.notice)) {
    for (Payment& payment : *payments) all.push_back(&payment);
  }
  return all;
}

MailLimits limits_of(std::uint64_t max_mail_size) {
  MailLimits limits;
  limits.size = static_cast<std::size_t>(max_mail_size);
  return limits;
}

namespace {

std::vector<Json> lines_without_evidence(const JudgedMail& mail) {
  std::vector<Json> lines;
  if (!mail.quarantined.empty()) {
    lines.push_back(line_without_payment("quarantined", mail.source, mail.quarantined));
    return lines;
  }
  if (const auto* payments = std::get_if<Payments>(&mail.notice)) {
    for (const Payment& payment : *payments) lines.push_back(to_json(payment));
    return lines;
  }
  if (const auto* ignored = std::get_if<Ignored>(&mail.notice)) {
    Source source = mail.source;
    source.format = ignored->format;
    lines.push_back(line_without_payment("ignored", source, ignored->reason));
  } else {
    const auto& unrecognised = std::get<Unrecognised>(mail.notice);
    lines.push_back(line_without_payment("unrecognised", mail.source, unrecognised.reason));
  }
  return lines;
}

}  // namespace

std::vector<Json> lines_of(const JudgedMail& mail) {
  std::vector<Json> lines = lines_without_evidence(mail);
  if (!mail.evidence.is_null()) {
    for (Json& line : lines) line["evidence"] = mail.evidence;
  }
  return lines;
}

}  // namespace paymentctl
