#include <fmt/format.h>

#include "commands.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "run/init_box.hpp"

namespace paymentctl::cli {

void add_init(CommandLine& line) {
  auto folder = kept<std::string>();
  CLI::App& command =
      line.add(line.app(),
               {"init", "Writes a commented box.xml and an empty ledger", "paymentctl init firma"},
               [folder](Session& session) {
                 const auto file = init_box(path_from_utf8(folder->empty() ? "." : *folder));
                 session.log.info(fmt::format("wrote {}; fill it in, then: paymentctl doctor -c {}",
                                              display(file), display(file)));
                 return ExitCode::ok;
               });
  command.add_option("dir", *folder, "Folder to write into [.]")->type_name("DIR");
}

}  // namespace paymentctl::cli
