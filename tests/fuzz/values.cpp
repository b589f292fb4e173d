// Amounts, dates, times, accounts and folding on any bytes.
#include "parse/values.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "parse/folded_text.hpp"

using namespace paymentctl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const FoldedText folded = fold(text);
  if (folded.origin.size() != folded.text.size() + 1) std::abort();
  for (const FoldedText::Line& line : folded.lines) {
    if (folded.value(line.begin, line.end).size() > text.size()) std::abort();
  }
  if (folded.value(0, folded.text.size()).size() > text.size()) std::abort();
  const std::string words = fold_words(text);
  const auto amount = read_amount(words);
  if (const auto* read = std::get_if<ReadAmount>(&amount)) {
    if (read->amount.is_negative() || read->amount.minor() > Amount::largest) std::abort();
  }
  split_amount(words);
  read_currency(words);
  read_date(words);
  read_time(words);
  const ReadAccount account = read_account(words, "0800");
  if (account.account) fits_masked(*account.account, words);
  return 0;
}
