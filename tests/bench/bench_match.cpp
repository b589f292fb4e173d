#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include <benchmark/benchmark.h>

#include "ledger/documents.hpp"
#include "ledger/ledger.hpp"
#include "match/match.hpp"
#include "platform/random.hpp"

namespace paymentctl {
namespace {

/// A ledger with that many open invoices, each with a symbol and an amount of its own.
class FilledLedger {
 public:
  explicit FilledLedger(std::int64_t documents)
      : folder_(std::filesystem::temp_directory_path() / ("paymentctl-bench." + random_uuid())) {
    std::filesystem::create_directories(folder_);
    ledger_.emplace(Ledger::open((folder_ / "bench.db").string()));
    box_ = ledger_->box("default", "bench");
    ledger_->transaction([&] {
      DocumentImport import(*ledger_, box_, {});
      for (std::int64_t index = 0; index < documents; ++index) import.put(document(index));
      import.finish();
    });
  }
  ~FilledLedger() {
    ledger_.reset();
    std::filesystem::remove_all(folder_);
  }
  FilledLedger(const FilledLedger&) = delete;
  FilledLedger& operator=(const FilledLedger&) = delete;

  std::unique_ptr<DocumentFinder> finder() { return document_finder(*ledger_, box_); }

  static std::int64_t symbol(std::int64_t index) { return 1'000'000'000 + index; }
  static Amount amount(std::int64_t index) { return Amount::from_minor(100'00 + index); }

 private:
  static Document document(std::int64_t index) {
    Document document;
    document.number = std::to_string(symbol(index));
    document.variable_symbol = document.number;
    document.partner.name = "Firma " + std::to_string(index % 5000);
    document.amount = amount(index);
    return document;
  }

  std::filesystem::path folder_;
  std::optional<Ledger> ledger_;
  BoxKey box_;
};

/// Filled once for each size: a million documents take longer than all that is measured on them.
FilledLedger& filled_ledger(std::int64_t documents) {
  static std::map<std::int64_t, std::unique_ptr<FilledLedger>> ledgers;
  auto& ledger = ledgers[documents];
  if (!ledger) ledger = std::make_unique<FilledLedger>(documents);
  return *ledger;
}

void match(benchmark::State& state) {
  const auto documents = filled_ledger(state.range(0)).finder();
  std::mt19937_64 random(1);
  for (auto _ : state) {
    const auto index =
        static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(state.range(0)));
    Payment payment;
    payment.amount = FilledLedger::amount(index);
    payment.variable_symbol = Symbol::parse(std::to_string(FilledLedger::symbol(index)));
    const MatchResult result = match_payment(payment, *documents);
    if (result.status != MatchStatus::paid) {
      state.SkipWithError("a payment was not matched");
      return;
    }
    benchmark::DoNotOptimize(result);
  }
}
BENCHMARK(match)->Arg(1'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace paymentctl
