#include "parse/reading.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "parse/folded_text.hpp"
#include "parse/labels.hpp"
#include "parse/line_value.hpp"
#include "parse/value_place.hpp"
#include "parse/values.hpp"

namespace paymentctl {
namespace {

/// Whether the pattern is there at all, without asking where.
bool is_in(const FoldedText& text, Region region, const Pattern& pattern) {
  const std::string_view here = text.view(region);
  return pattern.may_be_in(text, region) &&
         pattern.expression->compiled_for(text).Match(re2::StringPiece(here.data(), here.size()), 0,
                                                      here.size(), RE2::UNANCHORED, nullptr, 0);
}

class LayoutReader {
 public:
  LayoutReader(const FoldedMail& mail, Region region, const Layout& layout)
      : mail_(mail), text_(mail.body.text), region_(region), layout_(layout) {}

  Reading read() {
    Reading by_lines = read_lines();
    const std::size_t line_hits = hits_.size();
    // Without a single label at the start of a line, no payer's words stand behind one either.
    const bool labels_nowhere = line_hits == 0 && misses_labels(by_lines);
    if (by_lines.missing == nullptr && !labels_nowhere &&
        (has_payers_words() || !misses_labels(by_lines))) {
      return by_lines;
    }
    if (by_lines.missing != nullptr && !may_stand_within_a_line(*by_lines.missing)) return by_lines;
    Reading flattened = read_flattened();
    if (!has_payers_words() && is_better(flattened, by_lines)) return flattened;
    if (by_lines.missing == nullptr) {
      const bool has_labels = labels_nowhere && flattened.missing == nullptr &&
                              flattened.found.size() > by_lines.found.size();
      return has_labels ? flattened : by_lines;
    }
    const bool really_flat = 2 * line_hits <= hits_.size();
    if (flattened.missing == nullptr && really_flat) return flattened;
    return flattened.found.size() > by_lines.found.size() && really_flat ? flattened : by_lines;
  }

 private:
  [[nodiscard]] bool misses_labels(const Reading& reading) const {
    return reading.found.size() < layout_.lines.size() &&
           std::any_of(layout_.lines.begin(), layout_.lines.end(),
                       [](const LineSpec& line) { return !line.labels.empty(); });
  }

  /// Where no stranger writes into the notice, its words may be looked for anywhere: a forward
  /// wraps lines within labels and values.
  [[nodiscard]] bool has_payers_words() const {
    return std::any_of(layout_.lines.begin(), layout_.lines.end(),
                       [](const LineSpec& line) { return line.payers_words; });
  }

  static bool is_better(const Reading& flattened, const Reading& by_lines) {
    return flattened.missing == nullptr && flattened.trouble.empty() &&
           (by_lines.missing != nullptr || flattened.found.size() > by_lines.found.size());
  }

  /// Sentences are found either way, and a label whose words are nowhere is in no line.
  [[nodiscard]] bool may_stand_within_a_line(const LineSpec& line) const {
    const bool labelled = line.kind == LineSpec::Kind::line || line.kind == LineSpec::Kind::cell;
    return labelled && label_may_be_in(mail_.body, region_, line);
  }

  Reading start() {
    hits_.clear();
    hits_.reserve(16);
    spans_.clear();
    end_ = region_.end;
    Reading reading;
    reading.layout = &layout_;
    reading.captures.reserve(24);
    reading.found.reserve(layout_.lines.size());
    return reading;
  }

  // ---- sentences and subjects ----

  void read_sentences(Reading& reading) {
    std::vector<re2::StringPiece> parts;
    for (const LineSpec& line : layout_.lines) {
      if (line.kind == LineSpec::Kind::subject) read_subject(line, parts, reading);
      if (line.kind != LineSpec::Kind::sentence) continue;
      const ValuePattern& value = line.values.front();
      const auto place = match(mail_.body, region_, value.pattern, parts);
      if (!place) continue;
      spans_.push_back(*place);
      reading.found.push_back({&line, *place});
      take_groups(line, value, mail_.body, parts.data(), false, reading);
      take_presets(line.presets, line, reading);
      const std::size_t behind = std::max(place->end, place->begin + 1);
      if (reading.trouble.empty() && behind < region_.end &&
          is_in(mail_.body, {behind, region_.end}, value.pattern)) {
        reading.trouble = fmt::format("the sentence ‘{}’ stands there twice", line.text);
      }
    }
    std::sort(spans_.begin(), spans_.end(),
              [](const Region& a, const Region& b) { return a.begin < b.begin; });
  }

  void read_subject(const LineSpec& line, std::vector<re2::StringPiece>& parts, Reading& reading) {
    const ValuePattern& value = line.values.front();
    const auto place = match(mail_.subject, mail_.subject.all(), value.pattern, parts);
    if (!place) return;
    reading.found.push_back({&line, {0, 0}});
    take_groups(line, value, mail_.subject, parts.data(), true, reading);
    take_presets(line.presets, line, reading);
  }

 public:
  static std::optional<Region> match(const FoldedText& text, Region region, const Pattern& pattern,
                                     std::vector<re2::StringPiece>& parts) {
    if (!pattern.may_be_in(text, region)) return std::nullopt;
    const std::string_view here = text.view(region);
    parts.assign(pattern.groups.size() + 2, {});
    const re2::StringPiece all(here.data(), here.size());
    if (!pattern.expression->compiled_for(text).Match(
            all, 0, here.size(), RE2::UNANCHORED, parts.data(), static_cast<int>(parts.size()))) {
      return std::nullopt;
    }
    const auto begin = static_cast<std::size_t>(parts[1].data() - text.text.data());
    return Region{begin, begin + parts[1].size()};
  }

 private:
  static void take_presets(const std::vector<Preset>& presets, const LineSpec& line,
                           Reading& reading) {
    for (const Preset& preset : presets) {
      reading.captures.push_back({preset.field, {}, preset.value, false, &line, nullptr});
    }
  }

  // ---- labels ----

  [[nodiscard]] bool in_sentence(std::size_t at) const {
    return std::any_of(spans_.begin(), spans_.end(),
                       [at](const Region& span) { return at > span.begin && at < span.end; });
  }

  [[nodiscard]] bool ends_the_text(std::string_view line) const {
    return line == "--" || line.starts_with("_____");
  }

  /// A heading that says the same again, as where a forward's subject stands above it.
  [[nodiscard]] bool repeats(const LabelHit& hit) const {
    return !hits_.empty() && hits_.back().line == hit.line && hits_.back().label == hit.label &&
           spec(hit).values.size() == 1 &&
           spec(hit).values.front().shape == ValuePattern::Shape::nothing;
  }

  /// Label starts of one line: its beginning, and behind each separator.
  void scan_line(const FoldedText::Line& line, std::size_t stop) {
    std::size_t at = std::max<std::size_t>(line.begin, region_.begin);
    const std::string& separator = layout_.separator;
    const auto behind_separator = [&](std::size_t place) { return place + separator.size() + 1; };
    if (!separator.empty() && text_.substr(at, stop - at).starts_with(separator) &&
        behind_separator(at) < stop && text_[at + separator.size()] == ' ') {
      at = behind_separator(at);
    }
    while (at < stop) {
      if (!in_sentence(at)) {
        if (const auto hit = hit_at(text_, layout_, at, stop, false)) {
          if (hit->line >= 0) {
            if (!repeats(*hit)) hits_.push_back(*hit);
          } else if (!hits_.empty() || (!spans_.empty() && spans_.front().begin < at)) {
            end_ = at;
            return;
          }
        }
      }
      if (separator.empty()) return;
      std::size_t next = text_.find(separator, at);
      while (next < stop &&
             !(next > 0 && text_[next - 1] == ' ' && next + separator.size() < stop &&
               text_[next + separator.size()] == ' ')) {
        next = text_.find(separator, next + 1);
      }
      if (next >= stop) return;
      at = behind_separator(next);
    }
  }

  Reading read_lines() {
    Reading reading = start();
    read_sentences(reading);
    const std::vector<FoldedText::Line>& lines = mail_.body.lines;
    auto line = std::partition_point(lines.begin(), lines.end(), [&](const auto& candidate) {
      return candidate.end <= region_.begin && candidate.end < region_.end &&
             candidate.begin < region_.begin;
    });
    for (; line != lines.end() && line->begin < region_.end && end_ == region_.end; ++line) {
      const std::size_t stop = std::min<std::size_t>(line->end, region_.end);
      if (stop <= line->begin) continue;
      if (!hits_.empty() && ends_the_text(text_.substr(line->begin, stop - line->begin))) {
        end_ = line->begin;
        break;
      }
      scan_line(*line, stop);
    }
    drop_sentences_behind_the_end(reading);
    check_order(reading);
    for (std::size_t i = 0; i < hits_.size(); ++i) read_value(i, false, reading);
    finish(reading);
    return reading;
  }

  void drop_sentences_behind_the_end(Reading& reading) const {
    if (end_ == region_.end) return;
    std::vector<const LineSpec*> dropped;
    std::erase_if(reading.found, [&](const FoundLine& found) {
      const bool behind = found.line->kind == LineSpec::Kind::sentence && found.place.begin >= end_;
      if (behind) dropped.push_back(found.line);
      return behind;
    });
    std::erase_if(reading.captures, [&](const Capture& capture) {
      return std::find(dropped.begin(), dropped.end(), capture.line) != dropped.end();
    });
  }

  [[nodiscard]] const LineSpec& spec(const LabelHit& hit) const {
    return layout_.lines[static_cast<std::size_t>(hit.line)];
  }

  void check_order(Reading& reading) const {
    int last_words = -1;
    std::vector<bool> seen(layout_.lines.size());
    for (const LabelHit& hit : hits_) {
      if (!reading.trouble.empty()) return;
      if (seen[static_cast<std::size_t>(hit.line)]) {
        reading.trouble = fmt::format("the line ‘{}’ stands there twice", spec(hit).text);
      } else if (hit.line < last_words) {
        reading.trouble =
            fmt::format("the line ‘{}’ stands behind the free text ‘{}’, where the bank has none",
                        spec(hit).text, layout_.lines[static_cast<std::size_t>(last_words)].text);
      }
      seen[static_cast<std::size_t>(hit.line)] = true;
      if (spec(hit).payers_words) last_words = std::max(last_words, hit.line);
    }
  }

  // ---- flattened ----

  Reading read_flattened() {
    Reading reading = start();
    read_sentences(reading);
    std::vector<LabelHit> all;
    for (std::size_t at = region_.begin; at < region_.end; ++at) {
      if (is_space(text_[at]) || in_sentence(at)) continue;
      if (at > region_.begin && !is_space(text_[at - 1])) continue;
      const auto hit = hit_at(text_, layout_, at, region_.end, true);
      if (!hit) continue;
      if (hit->line < 0) {
        if (all.empty() && (spans_.empty() || spans_.front().begin > at)) continue;
        end_ = at;
        break;
      }
      all.push_back(*hit);
      // No label begins within the words of another one.
      if (hit->value > at) at = hit->value - 1;
    }
    drop_sentences_behind_the_end(reading);
    accept_in_order(all, reading);
    for (std::size_t i = 0; i < hits_.size(); ++i) read_value(i, true, reading);
    finish(reading);
    reading.flattened = true;
    return reading;
  }

  /// Labels count in the format's order only. Behind a free text an earlier label belongs to it; a
  /// later one that does not go on in order makes the text doubtful.
  void accept_in_order(const std::vector<LabelHit>& all, Reading& reading) {
    int first_text = -1;
    int last = -1;
    for (const LabelHit& hit : all) {
      if (repeats(hit)) continue;
      if (hit.line > last) {
        hits_.push_back(hit);
        last = hit.line;
        if (first_text < 0 && spec(hit).free_text) first_text = hit.line;
        continue;
      }
      const bool belongs_to_text = first_text >= 0 && hit.line <= first_text &&
                                   layout_.lines[static_cast<std::size_t>(last)].free_text;
      if (!belongs_to_text && reading.trouble.empty()) {
        reading.trouble =
            fmt::format("the words ‘{}’ stand there twice or out of order", spec(hit).text);
      }
    }
  }

  // ---- values ----

  /// Where something else begins behind `from`: the next label or sentence, or the end.
  [[nodiscard]] std::size_t stop_behind(std::size_t i, std::size_t from) const {
    std::size_t stop = end_;
    if (i + 1 < hits_.size()) stop = std::min(stop, hits_[i + 1].begin);
    for (const Region& span : spans_) {
      if (span.begin >= from) stop = std::min(stop, span.begin);
    }
    return std::max(stop, std::min(from, end_));
  }

  void read_value(std::size_t i, bool flattened, Reading& reading) const {
    const LabelHit& hit = hits_[i];
    const LineSpec& line = spec(hit);
    const bool on_own_line = hit.value < hit.stop;
    const Region place =
        value_place(text_, layout_, hit, stop_behind(i, std::min(hit.value, end_)), flattened);
    const bool last = flattened && i + 1 == hits_.size();
    for (const ValuePattern& value : line.values) {
      Region fitting = place;
      const std::size_t before = reading.captures.size();
      if (!on_own_line && !flattened && !line.multiline && line.kind == LineSpec::Kind::line &&
          !could_be(mail_.body, value, place)) {
        fitting = {hit.value, hit.value};
      }
      if (last) fitting = first_word_of_symbol(mail_.body, value, fitting);
      if (!fits(mail_.body, line, value, fitting, last, reading)) {
        reading.captures.resize(before);
        continue;
      }
      take_presets(line.labels[static_cast<std::size_t>(hit.label)].presets, line, reading);
      take_presets(line.presets, line, reading);
      take_presets(value.presets, line, reading);
      reading.found.push_back({&line, {hit.begin, std::max(fitting.end, hit.begin)}});
      return;
    }
    const std::string_view here =
        text_.substr(place.begin, std::min<std::size_t>(place.end - place.begin, 80));
    if (reading.trouble.empty() && !here.empty()) {
      reading.trouble = fmt::format("the line ‘{}’ holds ‘{}’, which does not fit", line.text,
                                    mail_.body.value(place.begin, place.begin + here.size()));
    }
  }

  void finish(Reading& reading) const {
    for (const LineSpec& line : layout_.lines) {
      const bool there = std::any_of(reading.found.begin(), reading.found.end(),
                                     [&](const FoundLine& found) { return found.line == &line; });
      if (line.required && !there) {
        reading.missing = &line;
        return;
      }
    }
  }

  const FoldedMail& mail_;
  std::string_view text_;
  Region region_;
  const Layout& layout_;
  std::vector<LabelHit> hits_;
  std::vector<Region> spans_;  ///< of sentences
  std::size_t end_ = 0;        ///< where a footer ends the region
};

std::string with_blanks(std::string_view subject) {
  std::string text(subject);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace

FoldedMail::FoldedMail(std::string_view text, std::string_view subject_line)
    : body(fold(text)), subject_source(with_blanks(subject_line)), subject(fold(subject_source)) {}

Reading read_layout(const FoldedMail& mail, Region region, const Layout& layout) {
  return LayoutReader(mail, region, layout).read();
}

std::optional<Region> find_pattern(const FoldedText& text, Region region, const Pattern& pattern) {
  std::vector<re2::StringPiece> parts;
  return LayoutReader::match(text, region, pattern, parts);
}

}  // namespace paymentctl
