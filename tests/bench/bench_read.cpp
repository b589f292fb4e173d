#include <string>
#include <string_view>

#include <benchmark/benchmark.h>

#include "mail/message.hpp"
#include "parse/catalog.hpp"
#include "parse/notice.hpp"

namespace paymentctl {
namespace {

constexpr std::string_view kFio =
    "Date: Wed, 12 Aug 2026 09:15:00 +0200\r\n"
    "From: automat@fio.cz\r\n"
    "To: platby@papirna.test\r\n"
    "Subject: Fio banka - prijem na konte\r\n"
    "Message-ID: <1@fio.cz>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "\r\n"
    "P=C5=99=C3=ADjem na kont=C4=9B: 2052601819\r\n"
    "=C4=8C=C3=A1stka: 4 840,00\r\n"
    "VS: 26080117\r\n"
    "Zpr=C3=A1va p=C5=99=C3=ADjemci: FAKTURA 26080117\r\n"
    "Aktu=C3=A1ln=C3=AD z=C5=AFstatek: 57 312,45\r\n"
    "Proti=C3=BA=C4=8Det: 131-1126906048/0100\r\n"
    "SS: 0\r\n"
    "KS: 308\r\n";

constexpr std::string_view kCsas =
    "Date: Tue, 09 Jun 2026 14:05:00 +0200\r\n"
    "From: ceskasporitelna@csas.cz\r\n"
    "Subject: =?utf-8?B?UMWZacWhbGEgcGxhdGJh?=\r\n"
    "Message-ID: <2@csas.cz>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: text/html; charset=UTF-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n"
    "\r\n"
    "<html><body><div>Dobrý den,</div>\r\n"
    "<div>na účet <b>6066176030/0800</b> právě dorazila platba ve výši <b>3&nbsp;025,00 Kč.</b>"
    "</div>\r\n"
    "<div>Na účtu je nově k dispozici <b>71&nbsp;448,09 Kč.</b></div>\r\n"
    "<div>Vaše Česká spořitelna</div>\r\n<div><b>Informace o transakci</b></div>\r\n"
    "<div>Směr platby: <b>příchozí</b></div>\r\n<div>Číslo účtu: <b>6066176030/0800</b></div>\r\n"
    "<div>Číslo účtu protistrany: <b>2059083014/2010</b></div>\r\n"
    "<div>Částka v měně transakce: <b>3&nbsp;025,00 Kč</b></div>\r\n"
    "<div>Částka v měně účtu: <b>3&nbsp;025,00 Kč</b></div>\r\n"
    "<div>Variabilní symbol:<b> 2606118</b></div>\r\n"
    "<div>Konstantní symbol: <b>0308</b></div>\r\n</body></html>\r\n";

std::string_view mail(const benchmark::State& state) { return state.range(0) == 0 ? kFio : kCsas; }

void decode(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(decode_mail(mail(state)));
  }
}
BENCHMARK(decode)->ArgName("html")->Arg(0)->Arg(1);

void read(benchmark::State& state) {
  const Catalog catalog = Catalog::built_in();
  const Message message = decode_mail(mail(state));
  if (!std::holds_alternative<Payments>(read_notice(message, catalog, {}))) {
    state.SkipWithError("the notice was not read");
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(read_notice(message, catalog, {}));
  }
}
BENCHMARK(read)->ArgName("html")->Arg(0)->Arg(1);

void compile_formats_and_read_one(benchmark::State& state) {
  const Message message = decode_mail(mail(state));
  for (auto _ : state) {
    benchmark::DoNotOptimize(read_notice(message, Catalog::built_in(), {}));
  }
}
BENCHMARK(compile_formats_and_read_one)->ArgName("html")->Arg(0)->Arg(1);

}  // namespace
}  // namespace paymentctl
