#include "run/mail_auth.hpp"

#include "commands.hpp"
#include "model/visible.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "run/box_session.hpp"

namespace paymentctl::cli {
namespace {

ExitCode show_evidence(Session& session, const std::vector<std::string>& mails) {
  const Box box = session.has_box() ? session.box() : Box();
  const Catalog catalog = catalog_of(box);
  const auto resolver = resolver_of(box);
  const Format format = session.format();
  ExitCode code = ExitCode::ok;
  for (const std::string& mail : mails) {
    const std::string bytes = read_file(path_from_utf8(mail), box.max_mail_size);
    const SenderReport report =
        examine_sender(bytes, box, catalog, resolver.get(), session.clock.now());
    if (report.evidence.no_answer) {
      session.log.error(visible(mail) + ": " + *report.evidence.no_answer +
                        "; try again when DNS answers");
      code = ExitCode::temporary;
    }
    if (format == Format::table) {
      session.out.write(visible(mail) + "\n" + sender_text(report));
      continue;
    }
    Json json{{"path", mail}};
    json.update(to_json(report));
    print_object(session.out, format, json);
  }
  session.out.flush();
  return code;
}

}  // namespace

void add_mail_auth(CommandLine& line) {
  const auto mails = kept<std::vector<std::string>>();
  CLI::App& command =
      line.add(line.app(),
               {"mail-auth", "Show what proves the sender of a mail, and what to set for it",
                "paymentctl mail-auth notice.eml\n"
                "paymentctl mail-auth notice.eml -c box.xml --format json"},
               [mails](Session& session) { return show_evidence(session, *mails); });
  command.add_option("MAIL", *mails, "Mail files")->required();
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
