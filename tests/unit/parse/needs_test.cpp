// What the notation must be able to say: a small format and a mail for each need.
#include <catch2/catch.hpp>

#include "small_bank.hpp"

using namespace paymentctl;
using namespace paymentctl::testing;

namespace {

Payments payments_of(const Notice& notice) {
  INFO(problem(notice));
  REQUIRE(std::holds_alternative<Payments>(notice));
  return std::get<Payments>(notice);
}

Payment one(const Notice& notice) {
  const Payments payments = payments_of(notice);
  REQUIRE(payments.size() == 1);
  return payments.front();
}

std::string text(const std::optional<AccountNumber>& account) {
  return account ? account->str() : "none";
}
std::string text(const std::optional<Symbol>& symbol) { return symbol ? symbol->str() : "none"; }
std::string text(const std::optional<std::string>& value) { return value.value_or("none"); }

constexpr const char* sentence_bank = R"X(<format id="t">
  <subject optional="true">Oznámení ID: {bank_reference}</subject>
  <sentence>provedení platby z účtu číslo {debited_account} na účet číslo {credited_account} částka {amount} {currency} , datum splatnosti {booked_on}, variabilní symbol platby {variable_symbol?}, specifický symbol {specific_symbol?}. Typ transakce: {any:word}</sentence>
</format>)X";

Notice sentence(const char* from, const char* to, const ParseSettings& settings = {}) {
  Message message = mail(std::string("Oznamujeme Vam provedeni platby z uctu cislo ") + from +
                             " na\nucet cislo " + to +
                             " castka 3 630,50 CZK , datum splatnosti\n12.03.2014, variabilni "
                             "symbol platby 14030017, specificky\nsymbol . Typ transakce: Uhrada.",
                         "Oznameni ID: 140312001");
  return read_notice(message, bank_of(sentence_bank), settings);
}

}  // namespace

TEST_CASE("a sentence may be wrapped anywhere, and a field may stand in the subject") {
  const Payment payment = one(sentence("107-1471049745/0800", "131-1126906048/0100"));
  CHECK(payment.direction == Direction::outgoing);
  CHECK(payment.amount.decimal() == "3630.50");
  CHECK(payment.booked_on.iso() == "2014-03-12");
  CHECK(text(payment.variable_symbol) == "14030017");
  CHECK(text(payment.specific_symbol) == "none");
  CHECK(text(payment.bank_reference) == "140312001");
  CHECK(text(payment.counterparty.account) == "131-1126906048/0100");
}

TEST_CASE("the own side is found by the bank's code, then by the own accounts") {
  CHECK(one(sentence("230792445/0300", "107-1471049745/0800")).direction == Direction::incoming);
  const auto known = own({"107-1471049745/0800"});
  CHECK(one(sentence("43-1276842684/0800", "107-1471049745/0800", known)).direction ==
        Direction::incoming);
  const Notice unknown = sentence("43-1276842684/0800", "107-1471049745/0800");
  REQUIRE(std::holds_alternative<Unrecognised>(unknown));
  CHECK(problem(unknown).find("43-1276842684/0800") != std::string::npos);
  CHECK(problem(unknown).find("107-1471049745/0800") != std::string::npos);
  const auto both = own({"107-1471049745/0800", "43-1276842684/0800"});
  CHECK(problem(sentence("43-1276842684/0800", "107-1471049745/0800", both)) ==
        "ignored: own transfer");
}

TEST_CASE("a side without a number is cash or a card, the other side is ours") {
  const Payment deposit = one(sentence("/0800", "107-1471049745/0800"));
  CHECK(deposit.direction == Direction::incoming);
  CHECK(text(deposit.counterparty.account) == "none");
  CHECK(text(deposit.own_account) == "107-1471049745/0800");
  CHECK(one(sentence("107-1471049745/0800", "*")).direction == Direction::outgoing);
}

namespace {
constexpr const char* cells_bank = R"X(<format id="t" sign="first">
  <footer>Tento e-mail byl</footer>
  <layout>
    <cell>Datum a čas {booked_on} {booked_time}</cell>
    <cell multiline="true">Na účet {own_account}{any?}</cell>
    <cell>Částka v měně účtu {amount} {currency}</cell>
    <cell optional="true">Původní částka a měna {any?}</cell>
    <cell optional="true">Kurz {any?}</cell>
    <cell multiline="true">Z účtu {counterparty_account}[ ]{counterparty_name?}</cell>
    <cell>Variabilní symbol {variable_symbol}</cell>
    <cell optional="true" multiline="true">Zpráva pro příjemce {message}</cell>
    <cell optional="true">Zůstatek {balance} {any:currency}</cell>
  </layout>
  <layout kind="card">
    <cell>Datum a čas {booked_on} {booked_time}</cell>
    <cell multiline="true">Účet {own_account}{any?}</cell>
    <cell>Částka v měně účtu {amount} {currency}</cell>
    <cell>Detaily {merchant}</cell>
  </layout>
</format>)X";
}

TEST_CASE("a label may be a whole line without a colon, account and name one value") {
  const Payment payment = one(read(cells_bank,
                                   "Datum a čas\n21. 11. 2017 09:12\nNa účet\n"
                                   "5578657976/5500\nUkázková papírna s.r.o.\n"
                                   "Částka v měně účtu\n+4.840,00\u00a0CZK\n"
                                   "Původní částka a měna\n+1.570,00 USD\nKurz\n1,0828\n"
                                   "Z účtu\nAT161234500012345678\nSMYSLENA HANDELS\n"
                                   "Variabilní symbol\n1711000217\n"
                                   "Zpráva pro příjemce\nUKAZKA\nPREDPLATNE\n"
                                   "Zůstatek\n+62.417,35 CZK\nTento e-mail byl vygenerován\n"));
  CHECK(payment.amount.decimal() == "4840.00");
  CHECK(text(payment.own_account) == "5578657976/5500");
  CHECK(text(payment.counterparty.account) == "AT161234500012345678");
  CHECK(text(payment.counterparty.name) == "SMYSLENA HANDELS");
  CHECK(text(payment.message) == "UKAZKA PREDPLATNE");
  CHECK(text(payment.booked_time) == "09:12");
  CHECK(payment.balance->decimal() == "62417.35");
}

TEST_CASE("the same without line ends, the name glued to the account, the footer behind the text") {
  const Payment payment = one(read(
      cells_bank,
      "Pohyb na účtě Datum a čas 09. 06. 2026 19:22 Na účet 5578657976/5500Ukázková papírna s.r.o. "
      "Částka v měně účtu +21,00 CZK Z účtu 1011862524/5500Ctirad Nepravý Variabilní symbol "
      "33000033 Zpráva pro příjemce Zprava pro papirnu Tento e-mail byl vygenerován"));
  CHECK(text(payment.counterparty.account) == "1011862524/5500");
  CHECK(text(payment.counterparty.name) == "Ctirad Nepravý");
  CHECK(text(payment.variable_symbol) == "33000033");
  CHECK(text(payment.message) == "Zprava pro papirnu");
}

TEST_CASE("of several layouts the one that explains most lines is taken") {
  const Payment payment =
      one(read(cells_bank,
               "Datum a čas\n13. 08. 2026 05:19\nÚčet\n5578657976/5500\nUkázková papírna\n"
               "Částka v měně účtu\n-1.311,29 CZK\nDetaily\nUKAZKA SOFTWARE; PRAHA\n"));
  CHECK(payment.kind == PaymentKind::card);
  CHECK(payment.direction == Direction::outgoing);
  CHECK(text(payment.message) == "UKAZKA SOFTWARE; PRAHA");
}

namespace {
constexpr const char* blocks_bank = R"X(<format id="t" sign="first">
  <footer>S přáním krásného dne</footer>
  <block begin="dne {any:date} {:byla|byl} na účtu {any:account} zaúčtov">
    <ignore line="poplatek za nic" reason="balance"/>
    <sentence>dne {booked_on} {:byla|byl} na účtu {own_account} {:zaúčtována|zaúčtovaná|zaúčtovaný}</sentence>
    <line optional="true">Účet: {any?}</line>
    <line optional="true">Zaslaná částka platby: {any?}</line>
    <line optional="true">Kurz: {any?}</line>
    <line>Částka: {amount} {currency}</line>
    <line optional="true">Účet protistrany: {counterparty_account?}</line>
    <line optional="true" multiline="true">Adresa protistrany: {any?}</line>
    <line optional="true">Variabilní symbol: {variable_symbol?}</line>
    <line optional="true" multiline="true">Zpráva příjemci: {message?}</line>
    <sentence optional="true">Zůstatek na účtu po zaúčtování transakce: {balance} {any:currency}.</sentence>
  </block>
</format>)X";

std::string block(const char* amount, const char* message) {
  return std::string(
             "Dne 18.9.2018 byla na účtu 182633043 zaúčtovaná transakce typu: Došlá platba.\n\n"
             "Účet: 182633043, CZK, UKAZKA\nZaslaná částka platby: 200,00 EUR\nKurz: 24,118\n"
             "Částka: ") +
         amount +
         "\nÚčet protistrany: 350047431/2700\nAdresa protistrany: Smyslena 7\n000 07  "
         "VZOROV\nVariabilní symbol: 007788   \nZpráva příjemci: " +
         message + "\n\nZůstatek na účtu po zaúčtování transakce: -1\u00a0204,80 CZK.\n\n";
}
}  // namespace

TEST_CASE("each item of a mail is a payment, and a text may run over several lines") {
  const Payments payments = payments_of(
      read(blocks_bank, "Vážený kliente,\n\n" + block("+1\u00a0694,50 CZK", "prvni\n/VS1\ntreti") +
                            block("-726 CZK", "druha: 105,00\nZa transakce: 7,00") +
                            "S přáním krásného dne\n"));
  REQUIRE(payments.size() == 2);
  CHECK(payments[0].amount.decimal() == "1694.50");
  CHECK(text(payments[0].message) == "prvni /VS1 treti");
  CHECK(text(payments[0].own_account) == "182633043/0800");
  CHECK(text(payments[0].variable_symbol) == "7788");
  CHECK(payments[0].balance->decimal() == "-1204.80");
  CHECK(payments[1].direction == Direction::outgoing);
  CHECK(text(payments[1].message) == "druha: 105,00 Za transakce: 7,00");
  CHECK(payments[1].source.index == 1);
  CHECK(payments[1].source.count == 2);
}

TEST_CASE("one item that nothing explains makes the whole mail unrecognised") {
  const Notice notice =
      read(blocks_bank, block("+1 CZK", "a") + "Dne 18.9.2018 byl na účtu 182633043 zaúčtovaný\n");
  REQUIRE(std::holds_alternative<Unrecognised>(notice));
  CHECK(problem(notice).find("item 2 of 2") != std::string::npos);
}

namespace {
constexpr const char* digest_bank = R"X(<format id="t">
  <line>E-mail push ze dne {booked_on}</line>
  <block begin="mBank:">
    <ignore line="mBank: Zustatek" reason="balance"/>
    <ignore line="mBank: Autorizace karty" reason="card authorisation"/>
    <layout direction="outgoing">
      <line>mBank: Odchozi platba z uc. {own_account:670100-22#} na uc. {any} castka {amount} {currency}[; {message}]; Dostup.zust: {balance} {any:currency}</line>
    </layout>
    <layout direction="incoming">
      <line>mBank: Na vas ucet {own_account:670100-22#} prislo: {amount} {currency} AV: {message}; Dostup.zust: {balance} {any:currency}</line>
    </layout>
  </block>
</format>)X";
}

TEST_CASE("fields outside the items hold for all, items to ignore leave no line") {
  const Payments payments = payments_of(
      read(digest_bank,
           "E-mail push ze dne 11.03.2014\n"
           "mBank: Odchozi platba z uc. 52427317 na uc. ...8044/0800 castka 1452,00 CZK; VZORNE "
           "TRUHLARSTVI 14030077; Dostup.zust: 16234,90 CZK\n"
           "mBank: Autorizace karty 0002: UKAZKA castka: 399,00 CZK\n"
           "mBank: Na vas ucet 52427317 prislo: 3,17 CZK AV: urok; Dostup.zust: 27299,07 CZK\n"
           "mBank: Zustatek na uctu: 52427317\n"));
  REQUIRE(payments.size() == 2);
  CHECK(text(payments[0].own_account) == "670100-2252427317/0800");
  CHECK(payments[0].booked_on.iso() == "2014-03-11");
  CHECK(text(payments[0].message) == "VZORNE TRUHLARSTVI 14030077");
  CHECK(payments[1].direction == Direction::incoming);
  CHECK(text(payments[1].message) == "urok");
}

TEST_CASE("where all items are ignored, the rule that stands first gives the reason") {
  CHECK(problem(read(digest_bank,
                     "E-mail push ze dne 12.03.2014\nmBank: Autorizace karty 0002\n"
                     "mBank: Zustatek vypisu VISA\n")) == "ignored: balance");
}

namespace {
constexpr const char* items_bank = R"X(
  <ignore sentence="se {:zvýšil|snížil} o částku {any:amount} {any:currency} (Blokace)" reason="card authorisation"/>
  <format id="t" separator=" - ">
    <sentence>zůstatek na účtu {own_account} se {direction:zvýšil=incoming|snížil=outgoing} o částku {amount} {currency} (</sentence>
    <line>účet protistrany: {counterparty_number}</line>
    <line>banka protistrany: {counterparty_code}</line>
    <line>datum: {booked_on} {booked_time}</line>
    <line>částka: {amount} {currency}</line>
    <line optional="true">VS: {variable_symbol?}</line>
    <line optional="true">KS: {constant_symbol?}</line>
    <line optional="true">zpráva pro příjemce: {message?}</line>
    <line optional="true">disponibilní zůstatek: {balance} {any:currency}</line>
    <footer>Vaše Banka</footer>
  </format>)X";
}

TEST_CASE("several items on a line, number and code apart, the separator inside a message") {
  const Payment payment = one(
      read(items_bank,
           "zůstatek na účtu 1065894812/0800 se snížil o částku 12 100,00 CZK (Odchozí úhrada).\n"
           "Detail platby:\n"
           "- účet protistrany: 43-1276842684 - banka protistrany: 0100 - datum: 16.06.2026 19:05\n"
           "- částka: 12 100,00 CZK\n- VS: 26060137 - KS: 0308\n"
           "- zpráva pro příjemce: oprava - okna: dvere - disponibilní zůstatek: 76 020,75 CZK\n\n"
           "Vaše Banka\n"));
  CHECK(text(payment.counterparty.account) == "43-1276842684/0100");
  CHECK(text(payment.message) == "oprava - okna: dvere");
  CHECK(text(payment.constant_symbol) == "308");
  CHECK(payment.balance->decimal() == "76020.75");
  CHECK(text(payment.booked_time) == "19:05");
}

namespace {
constexpr const char* sides_bank = R"X(<format id="t" separator="*">
  <line label="Z:"><value kind="cash">/[{any:number}]</value><value>{debited_account?}</value></line>
  <line label="Na:"><regex>(?P&lt;kind__card>[*])</regex><value>{credited_account?}</value></line>
  <line>Castka: {amount} {currency}</line>
  <line optional="true">VS: {variable_symbol?}</line>
</format>)X";
}

TEST_CASE("a side without a number tells the kind, and a separator alone is a value") {
  const char* rest = "Castka: 399,00 CZK\nVS: 7\n";
  const Payment deposit =
      one(read(sides_bank, std::string("Z: /0800\nNa: 107-1471049745/0800\n") + rest));
  CHECK(deposit.kind == PaymentKind::cash);
  CHECK(deposit.direction == Direction::incoming);
  CHECK(text(deposit.own_account) == "107-1471049745/0800");
  for (const char* card : {"Z: 107-1471049745/0800\nNa: *\nCastka: 399,00 CZK\nVS: 7\n",
                           "Z: 107-1471049745/0800 * Na: * * Castka: 399,00 CZK * VS: 7\n",
                           "RB: Z: 107-1471049745/0800 Na: * Castka: 399,00 CZK VS: 7\n"}) {
    INFO(card);
    const Payment payment = one(read(sides_bank, card));
    CHECK(payment.kind == PaymentKind::card);
    CHECK(payment.direction == Direction::outgoing);
    CHECK(payment.amount.decimal() == "399.00");
    CHECK(text(payment.variable_symbol) == "7");
  }
}

TEST_CASE("where no stranger writes, a label that a forward has wrapped is found") {
  const char* format = R"X(<format id="t" direction="incoming" separator="*">
    <line>Na: {own_account}</line>
    <line>Castka: {amount} {currency}</line>
    <line optional="true">Konstantni symbol: {constant_symbol?}</line>
    <line optional="true">Variabilni symbol: {variable_symbol?}</line>
  </format>)X";
  const Payment payment = one(read(format,
                                   "Na: 107-1471049745/0800 * Castka: 5,00 CZK * Konstantni\n"
                                   "symbol: 0308 * Variabilni\nsymbol: 77\n"));
  CHECK(text(payment.constant_symbol) == "308");
  CHECK(text(payment.variable_symbol) == "77");
}

TEST_CASE("on one line no label begins within the words of another one") {
  const char* format = R"X(<format id="t" direction="incoming"><layout direction="incoming">
    <line>Datum {booked_on}</line>
    <line optional="true">Na účet {any?}</line>
    <line>Účet {own_account}</line>
    <line>Částka {amount} {currency}</line>
  </layout></format>)X";
  CHECK(problem(read(format, "Pohyb Datum 9. 6. 2026 Účet 107-1471049745/0800 Částka 5,00 CZK"))
            .empty());
  CHECK_FALSE(
      problem(read(format, "Pohyb Datum 9. 6. 2026 Na účet 107-1471049745/0800 Částka 5,00 CZK"))
          .empty());
}

TEST_CASE(
    "where two banks share a wording, the code of the own account tells which one forwarded") {
  const auto bank = [](const std::string& id, const std::string& code) {
    return FormatFile{id + ".xml", "<bank id=\"" + id + "\" name=\"" + id + "\" code=\"" + code +
                                       "\" own_codes=\"0800 2400\"><sender domain=\"" + id +
                                       ".example\"/><format id=\"" + id +
                                       "-info\" direction=\"both\">"
                                       "<line>Z: {debited_account}</line>"
                                       "<line>Na: {credited_account}</line>"
                                       "<line>Castka: {amount} {currency}</line>"
                                       "</format></bank>"};
  };
  const Catalog catalog = Catalog::from_files({bank("first", "2400"), bank("second", "0800")});
  ParseSettings settings;
  settings.trusted_forwarders = {"info@test.example"};
  for (const auto& [account, code] :
       {std::pair{"107-1471049745/0800", "0800"}, std::pair{"107-1471049745/2400", "2400"}}) {
    const std::string body =
        std::string("Z: 230792445/0300\nNa: ") + account + "\nCastka: 1,00 CZK\n";
    CHECK(one(read_notice(mail(body), catalog, settings)).bank == code);
  }
}

TEST_CASE("a mail is ignored by a line of its body before any format is asked") {
  CHECK(problem(read(items_bank,
                     "zůstatek na účtu 1065894812/0800 se snížil o částku 264,00 CZK (Blokace).\n"
                     "- účet protistrany: 43-1276842684 - banka protistrany: 0100 - datum: "
                     "16.06.2026 19:05\n- částka: 264,00 CZK\n")) == "ignored: card authorisation");
}

TEST_CASE("a rule below a format is asked only where the format did not apply") {
  constexpr const char* rules = R"X(
    <format id="t" direction="incoming"><line>Částka: {amount}</line></format>
    <ignore line="zůstatek" reason="balance"/>)X";
  CHECK(one(read(rules, "zůstatek\nČástka: 1,00\n")).amount.decimal() == "1.00");
  CHECK(problem(read(rules, "zůstatek\n")) == "ignored: balance");
}

TEST_CASE("symbols inside a description, the message without them") {
  constexpr const char* rules = R"X(<format id="t">
    <line>{direction:Přišly=incoming|Odešly=outgoing} peníze</line>
    <line>Účet: {own_account}</line>
    <line>Částka: {amount} {currency}</line>
    <line>Popis: {message}[, VS: {variable_symbol}][, KS: {constant_symbol}][, SS: {specific_symbol}]</line>
  </format>)X";
  const std::string mail_text =
      "Odešly peníze\n\nÚčet:\n242***285\n\nČástka:\n-1 210,00 Kč\n\n"
      "Popis:\nÚHRADA, DOM-AVIZO:oprava, dvere, VS: 26070135, KS: 308, SS: 0\n";
  const Payment payment = one(read(rules, mail_text));
  CHECK(text(payment.message) == "ÚHRADA, DOM-AVIZO:oprava, dvere");
  CHECK(text(payment.variable_symbol) == "26070135");
  CHECK(text(payment.constant_symbol) == "308");
  CHECK(text(payment.own_account) == "none");
  CHECK(text(one(read(rules, mail_text, own({"242646285/0800"}))).own_account) == "242646285/0800");
}

TEST_CASE("a reference with symbols in any order, or a text; an account the other way round") {
  constexpr const char* rules = R"X(<format id="t">
    <sentence>zostatok {direction:zvyseny=incoming|znizeny=outgoing} o {amount} {currency}.</sentence>
    <line optional="true">Popis transakcie: [CCINT ]{counterparty_code}/{counterparty_number}</line>
    <line label="Referencia platitela:" optional="true">
      <value>[~[/VS{variable_symbol?}][/SS{specific_symbol?}][/KS{constant_symbol?}]]</value>
      <value>{note?}</value>
    </line>
    <line optional="true">Informacia pre prijemcu: {message?}</line>
  </format>)X";
  const auto with = [&](const char* reference) {
    return one(read(rules, std::string("zostatok zvyseny o 1 018,31 EUR.\nPopis transakcie: CCINT "
                                       "1100/000019-2152882005\nReferencia platitela: ") +
                               reference + "\n"));
  };
  CHECK(text(with("/VS1502000140/SS7/KS0308").counterparty.account) == "19-2152882005/1100");
  CHECK(text(with("/VS1502000140/SS7/KS0308").variable_symbol) == "1502000140");
  CHECK(text(with("/KS0308/VS1502000140/SS").variable_symbol) == "1502000140");
  CHECK(text(with("/KS0308/VS1502000140/SS").constant_symbol) == "308");
  CHECK(text(with("/VS/SS/KS").variable_symbol) == "none");
  CHECK(text(with("/VS/SS/KS").message) == "none");
  CHECK(text(with("Meno Vymyslene").message) == "Meno Vymyslene");
  CHECK(with("x").currency == Currency::eur());
}

TEST_CASE("the second language's half and the forwarder's header are cut off") {
  constexpr const char* rules = R"X(<format id="t">
    <line>{direction:Příchozí=incoming|Odchozí=outgoing} platba</line>
    <line>Částka a měna: {amount} {currency}</line>
    <line>Datum: {booked_on}</line>
    <line optional="true">Zpráva pro příjemce: {message?}</line>
    <footer>V případě</footer>
    <footer>Outgoing payment</footer>
  </format>)X";
  const std::string flat =
      "Od: info@test.example Datum: 1. 1. 2021 Komu: a@b.test Předmět: Fwd: platba Odchozí platba "
      "Částka a měna: 1 210,00 CZK Datum: 10.3.2021 Zpráva pro příjemce: objednávka 88 V případě "
      "dotazů nás kontaktujte. Outgoing payment Částka a měna: 9,00 CZK";
  Message message = mail(flat);
  message.from_address = "ucetni@firma.test";
  ParseSettings settings;
  settings.trusted_forwarders = {"ucetni@firma.test"};
  const Payment payment = one(read_notice(message, bank_of(rules), settings));
  CHECK(payment.amount.decimal() == "1210.00");
  CHECK(payment.booked_on.iso() == "2021-03-10");
  CHECK(text(payment.message) == "objednávka 88");
}

TEST_CASE("a fee's words are its message, and finding a line can mean a kind") {
  constexpr const char* rules = R"X(<format id="t">
    <sentence>se {direction:zvýšil=incoming|snížil=outgoing} o částku {amount} {currency}.</sentence>
    <line optional="true" kind="fee">{kind_text=Poplatek[ {any}]}</line>
    <line optional="true" kind="loan">{kind_text=Splátka půjčky {any}}</line>
    <line optional="true">{:Příchozí úhrada z účtu|Odchozí úhrada na účet} [{counterparty_name} ]číslo {counterparty_account}</line>
  </format>)X";
  const auto with = [&](const char* line) {
    return one(read(rules, std::string("se snížil o částku 4 200,00 CZK.\n\n") + line + "\n"));
  };
  CHECK(with("Splátka půjčky Půjčka 7").kind == PaymentKind::loan);
  CHECK(text(with("Splátka půjčky Půjčka 7").message) == "Splátka půjčky Půjčka 7");
  CHECK(text(with("Poplatek za vedení účtu").message) == "Poplatek za vedení účtu");
  const Payment named =
      with("Odchozí úhrada na účet Účet číslo dvě číslo 19-2152882005/0800\u200b");
  CHECK(text(named.counterparty.name) == "Účet číslo dvě");
  CHECK(text(named.counterparty.account) == "19-2152882005/0800");
  CHECK(text(with("Odchozí úhrada na účet číslo 1076018957/3500").counterparty.name) == "none");
}

TEST_CASE("an expression says what a template cannot") {
  const Payment payment = one(read(
      R"X(<format id="t"><sentence><regex>prijato (?P&lt;amount&gt;[0-9,]+) (?:(?P&lt;direction__incoming&gt;plus)|(?P&lt;direction__outgoing&gt;minus))</regex></sentence></format>)X",
      "Přijato 12,50 minus"));
  CHECK(payment.amount.decimal() == "12.50");
  CHECK(payment.direction == Direction::outgoing);
}

TEST_CASE("an amount without a sign means what the format says") {
  constexpr const char* rules =
      R"X(<format id="t" unsigned="incoming"><line>Částka: {amount} {currency}</line></format>)X";
  CHECK(one(read(rules, "Částka: 18,755.00 CZK")).direction == Direction::incoming);
  CHECK(one(read(rules, "Částka: -968.50 CZK")).direction == Direction::outgoing);
}
