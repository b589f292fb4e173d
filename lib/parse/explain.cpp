#include <algorithm>

#include <fmt/format.h>

#include "parse/bank_reader.hpp"
#include "parse/catalog.hpp"
#include "parse/forward.hpp"
#include "parse/ignore_rule.hpp"
#include "parse/notice.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_quote = 100;

std::string quoted(std::string text) {
  if (text.size() > longest_quote) {
    std::size_t end = longest_quote;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text = text.substr(0, end) + "…";
  }
  return "‘" + text + "’";
}

std::size_t line_number(const FoldedText& text, std::size_t at) {
  return 1 + static_cast<std::size_t>(std::count(
                 text.text.begin(), text.text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

void explain_layout(const FoldedMail& mail, const Reading& reading, std::string& out) {
  for (const LineSpec& line : reading.layout->lines) {
    const auto found =
        std::find_if(reading.found.begin(), reading.found.end(),
                     [&](const FoundLine& candidate) { return candidate.line == &line; });
    if (found == reading.found.end()) {
      out += fmt::format("    {}  {}\n", line.required ? "MISSING " : "absent  ", line.text);
    } else if (line.kind == LineSpec::Kind::subject) {
      out += fmt::format("    found     {}  in the subject\n", line.text);
    } else {
      out += fmt::format("    found     {}  in line {}: {}\n", line.text,
                         line_number(mail.body, found->place.begin),
                         quoted(mail.body.value(found->place.begin, found->place.end)));
    }
  }
  if (!reading.trouble.empty()) out += "    REFUSED   " + reading.trouble + "\n";
}

void explain_layouts(const FoldedMail& mail, Region region, const Format& format,
                     std::string& out) {
  int number = 0;
  for (const Layout& layout : format.layouts) {
    const Reading reading = read_layout(mail, region, layout);
    ++number;
    if (format.layouts.size() > 1) {
      out += fmt::format("   layout {} of {}{}:\n", number, format.layouts.size(),
                         reading.complete() ? " fits" : "");
    }
    if (reading.flattened) out += "   (the labels stand within lines)\n";
    explain_layout(mail, reading, out);
  }
}

void explain_format(const FoldedMail& mail, Region region, const Message& message,
                    const Format& format, std::string& out) {
  out += fmt::format("  format {}\n", format.facts.id);
  if (!format.block) return explain_layouts(mail, region, format, out);
  const std::vector<Region> blocks = blocks_of(mail, region, *format.block);
  if (blocks.empty()) {
    out += "    MISSING   the beginning of an item\n";
    return;
  }
  explain_layout(mail, read_layout(mail, {region.begin, blocks.front().begin}, *format.shared),
                 out);
  std::size_t number = 0;
  for (const Region& block : blocks) {
    if (++number > 20) {
      out += "   and more items\n";
      return;
    }
    out += fmt::format("   item {} of {}, from line {}:\n", number, blocks.size(),
                       line_number(mail.body, block.begin));
    const auto& ignores = format.block->ignores;
    const auto rule = std::find_if(
        ignores.begin(), ignores.end(),
        [&](const IgnoreRule& candidate) { return applies(candidate, mail, block, message); });
    if (rule != ignores.end()) {
      out += fmt::format("    ignored   {}\n", rule->reason);
    } else {
      explain_layouts(mail, block, format, out);
    }
  }
}

std::string verdict(const IgnoreRule& rule, const FoldedMail& mail, Region region,
                    const Message& message, const Bank& bank) {
  if (!applies(rule, mail, region, message)) return "does not apply";
  const std::string doubt = doubt_about(rule, mail, region, bank);
  return doubt.empty() ? "applies" : "does not count, since " + doubt;
}

void explain_bank(const FoldedMail& mail, const Message& message, const Bank& bank, bool forwarded,
                  std::string& out) {
  const Region region =
      forwarded ? behind_forward_header(mail.body) : Region{0, mail.body.text.size()};
  out += fmt::format(" bank {} ({})\n", bank.facts.id, bank.facts.name);
  for (const Rule& rule : bank.rules) {
    if (rule.format) {
      explain_format(mail, region, message, *rule.format, out);
      continue;
    }
    const std::string name =
        rule.ignore->id.empty() ? std::string("rule") : "rule " + rule.ignore->id;
    out += fmt::format("  ignore {}, {}: {}\n", name, rule.ignore->reason,
                       verdict(*rule.ignore, mail, region, message, bank));
  }
}

std::string outcome_line(const Notice& notice) {
  if (const auto* payments = std::get_if<Payments>(&notice)) {
    return fmt::format("result: {} payment(s) by format {}\n", payments->size(),
                       payments->front().source.format);
  }
  if (const auto* ignored = std::get_if<Ignored>(&notice)) {
    return fmt::format("result: ignored, {}\n", ignored->reason);
  }
  return fmt::format("result: unrecognised: {}\n", std::get<Unrecognised>(notice).reason);
}

}  // namespace

std::string explain_notice(const Message& message, const Catalog& catalog,
                           const ParseSettings& settings) {
  std::string out =
      fmt::format("from {}, subject {}\n", message.from_address, quoted(message.subject));
  if (!message.refused) {
    const std::string sender_bank = catalog.bank_of_sender(message.from_address);
    const std::string& id = settings.bank.empty() ? sender_bank : settings.bank;
    std::vector<std::string> ids;
    if (id.empty()) {
      out += "the sender is no known bank; every bank's formats are tried\n";
      ids = catalog.bank_ids();
    } else {
      ids.push_back(id);
    }
    std::size_t number = 0;
    for (const Body& body : message.bodies) {
      out += fmt::format("text {} of {}{}\n", ++number, message.bodies.size(),
                         body.from_html ? " (from HTML)" : "");
      const FoldedMail mail(body.text, message.subject);
      for (const std::string& each : ids) {
        const Bank* bank = catalog.compiled(each);
        if (bank != nullptr) explain_bank(mail, message, *bank, sender_bank != each, out);
      }
    }
  }
  return out + outcome_line(read_notice(message, catalog, settings));
}

}  // namespace paymentctl
