#include "run/init_box.hpp"

#include <fmt/format.h>

#include "model/error.hpp"
#include "platform/files.hpp"
#include "run/box_ledger.hpp"

namespace paymentctl {

std::string box_template() {
  return R"(<?xml version="1.0" encoding="utf-8" ?>
<!-- Settings of paymentctl for one mailbox. An empty value is an absent one; a relative path is
     relative to this file's folder. Check it with: paymentctl doctor -c box.xml -->
<configuration>
  <appSettings>
    <!-- whose documents these are, and the name of this box in ledger, log and status -->
    <add key="company" value="default" />
    <add key="box" value="" />

    <!-- mails as files: read from here, archived, then removed -->
    <add key="emlDir" value="eml" />

    <!-- the mailbox: server or server:port; TLS is implicit, starttls or off -->
    <add key="pop3Url" value="" />
    <add key="pop3Tls" value="" />
    <add key="pop3CaFile" value="" />
    <add key="pop3Name" value="" />
    <!-- a secret is best kept elsewhere: env:NAME, file:PATH or command:PROGRAM ARGS -->
    <add key="pop3Password" value="" />
    <!-- true: OAuth2 with Config/MicrosoftOAuth.json below rootPath -->
    <add key="pop3OAuth" value="" />
    <add key="rootPath" value="" />
    <!-- a daily pause without the mailbox, HH:mm, and minutes between two runs
         of a service (10 where nothing is given) -->
    <add key="stopFrom" value="" />
    <add key="stopTo" value="" />
    <add key="pollMinutes" value="" />

    <!-- mail out: notifications of payments, reports of errors -->
    <add key="smtpServer" value="" />
    <add key="smtpTls" value="" />
    <add key="smtpCaFile" value="" />
    <add key="smtpName" value="" />
    <add key="smtpPassword" value="" />
    <add key="smtpOAuth" value="" />
    <!-- seconds for which a mail server may be silent (60 where nothing is given) -->
    <add key="serverTimeout" value="" />
    <add key="infoFrom" value="" />
    <add key="infoTo" value="" />
    <add key="infoCc" value="" />
    <add key="errorFrom" value="" />
    <add key="errorTo" value="" />
    <!-- of notifications: cs or en -->
    <add key="language" value="cs" />

    <!-- where copies of mails and the ledger are kept -->
    <add key="archiveDir" value="POP3Downloads" />
    <add key="ledger" value="paymentctl.db" />
    <!-- of a ledger on a server, postgresql://user@host/database -->
    <add key="ledgerPassword" value="" />
    <add key="maxMailSize" value="25 MB" />

    <!-- our accounts, apart by comma: NUMBER/BANK, or NUMBER/BANK:EUR -->
    <add key="ownAccounts" value="" />
    <!-- true: a notice about another account is quarantined -->
    <add key="onlyOwnAccounts" value="" />
    <!-- our IČO -->
    <add key="ownParty" value="" />
    <!-- the largest difference still counted as fully paid -->
    <add key="amountTolerance" value="0.00" />
    <!-- a folder with bank formats of your own -->
    <add key="formatsDir" value="" />

    <!-- what proves a bank's mail: the receiving server's authserv-id, addresses that may forward
         notices, and off, weak or strong with exceptions by bank ("weak, fio:off") -->
    <add key="trustedAuthserv" value="" />
    <add key="trustedForwarders" value="" />
    <add key="requireAuthentication" value="" />
    <!-- the DNS server that is asked for the banks' keys; empty: the system's -->
    <add key="dnsServer" value="" />
  </appSettings>
</configuration>
)";
}

std::filesystem::path init_box(const std::filesystem::path& folder) {
  const auto absolute = std::filesystem::absolute(folder).lexically_normal();
  const auto file = absolute / "box.xml";
  const Box box = box_from_xml(box_template(), file);
  for (const auto& wanted : {file, absolute / "paymentctl.db"}) {
    if (look_at(wanted)) {
      throw Error(ExitCode::cannot_create,
                  fmt::format("{} is there already and is left as it is; name another folder",
                              display(wanted)));
    }
  }
  create_folders(absolute / "eml");
  open_ledger(box, LedgerAccess::create);
  write_private_file(file, box_template());
  return file;
}

}  // namespace paymentctl
