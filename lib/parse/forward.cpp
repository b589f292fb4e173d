#include "parse/forward.hpp"

#include <algorithm>
#include <array>

namespace paymentctl {
namespace {

struct Word {
  std::string_view text;
  char kind;  ///< f: sender, s: subject, o: other
};

constexpr std::array<Word, 18> forwarding_words = {{
    {"od:", 'f'},
    {"from:", 'f'},
    {"odesilatel:", 'f'},
    {"odosielatel:", 'f'},
    {"predmet:", 's'},
    {"subject:", 's'},
    {"datum:", 'o'},
    {"date:", 'o'},
    {"odeslano:", 'o'},
    {"odoslane:", 'o'},
    {"sent:", 'o'},
    {"komu:", 'o'},
    {"to:", 'o'},
    {"pro:", 'o'},
    {"kopie:", 'o'},
    {"cc:", 'o'},
    {"reply-to:", 'o'},
    {"dulezitost:", 'o'},
}};

const Word* word_at(std::string_view text, std::size_t at) {
  const auto found =
      std::find_if(forwarding_words.begin(), forwarding_words.end(),
                   [&](const Word& word) { return text.substr(at).starts_with(word.text); });
  return found == forwarding_words.end() ? nullptr : &*found;
}

/// A block has at least a sender, a subject and one more, within this many bytes of each other.
constexpr std::size_t longest_gap = 300;

struct Found {
  std::size_t place;
  const Word* word;
};

}  // namespace

Region behind_forward_header(const FoldedText& text) {
  const std::string_view all = text.text;
  std::vector<Found> run;
  Region rest{0, all.size()};
  bool found_block = false;
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (at > 0 && all[at - 1] != '\n' && all[at - 1] != ' ' && all[at - 1] != '*') continue;
    const Word* word = word_at(all, at);
    if (word == nullptr) continue;
    if (!run.empty() && at - run.back().place > longest_gap) {
      // Only the first block is cut: what follows it is the bank's text, whoever writes in it.
      if (found_block) break;
      run.clear();
    }
    run.push_back({at, word});
    const auto has = [&](char kind) {
      return std::any_of(run.begin(), run.end(),
                         [kind](const Found& found) { return found.word->kind == kind; });
    };
    if (word->kind != 's' || !has('f') || run.size() < 3) continue;
    found_block = true;
    const bool own_line = at == 0 || all[at - 1] == '\n';
    const std::size_t line_end = std::min(all.find('\n', at), all.size());
    // In a flattened text nobody knows where the subject ends; its words harm nobody.
    rest.begin = own_line ? line_end : at + word->text.size();
    break;
  }
  return rest;
}

}  // namespace paymentctl
