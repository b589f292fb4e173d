// Fetches a mailbox with nothing but lib/fetch, for the tests on real servers: the register is a
// file to which each batch is appended and flushed, so a kill at any moment can be tested.
//   mailbox_probe HOST PORT implicit|starttls|off CA USER PASSWORD ARCHIVE REGISTER [TOKEN_ADDRESS]
// With TOKEN_ADDRESS the password is the client secret. Prints one line and ends with the exit
// code.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "fetch/mailbox.hpp"
#include "fetch/oauth.hpp"
#include "model/error.hpp"

using namespace paymentctl;

namespace {

class FileRegister : public MailRegister {
 public:
  explicit FileRegister(const char* path)
      : file_(::open(path, O_WRONLY | O_CREAT | O_APPEND, 0600)) {
    std::ifstream rows(path);
    std::string digest;
    std::string name;
    while (rows >> digest >> name) {
      digests_.insert(digest);
      paths_.insert(name);
    }
  }
  ~FileRegister() override { ::close(file_); }
  FileRegister(const FileRegister&) = delete;
  FileRegister& operator=(const FileRegister&) = delete;

  std::vector<bool> known(const std::vector<MailRecord>& mails) override {
    std::vector<bool> result;
    for (const MailRecord& mail : mails) result.push_back(digests_.contains(mail.sha256));
    return result;
  }
  std::vector<bool> recorded(const std::vector<std::string>& paths) override {
    std::vector<bool> result;
    for (const std::string& path : paths) result.push_back(paths_.contains(path));
    return result;
  }
  void record(const std::vector<MailRecord>& mails) override {
    std::string rows;
    for (const MailRecord& mail : mails) {
      if (!digests_.insert(mail.sha256).second) continue;
      paths_.insert(mail.path);
      rows += mail.sha256 + " " + mail.path + "\n";
    }
    // One write of less than a page or of many: a kill cuts none of them, the process is in it.
    if (::write(file_, rows.data(), rows.size()) != static_cast<ssize_t>(rows.size()) ||
        ::fdatasync(file_) != 0) {
      throw Error(ExitCode::io, "cannot write the register");
    }
  }

 private:
  int file_;
  std::set<std::string> digests_;
  std::set<std::string> paths_;
};

MailboxSettings settings_of(char** arguments) {
  MailboxSettings settings;
  settings.host = arguments[1];
  settings.port = std::atoi(arguments[2]);
  const std::string tls = arguments[3];
  settings.tls = tls == "implicit"   ? MailboxTls::implicit
                 : tls == "starttls" ? MailboxTls::starttls
                                     : MailboxTls::off;
  if (*arguments[4] != '\0') settings.ca_file = arguments[4];
  settings.name = arguments[5];
  settings.password = arguments[6];
  settings.loopback = true;
  settings.bounds.silence = std::chrono::seconds(20);
  return settings;
}

FetchReport fetch(int count, char** arguments) {
  FileRegister mails(arguments[8]);
  const auto sleep = [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); };
  FetchContext context{arguments[7], mails, system_clock(), sleep};
  context.limits.batch_mails = 20;
  MailboxSettings settings = settings_of(arguments);
  OAuthClient client{"test-tenant", "bench-client", settings.password, ""};
  if (count > 9) client.token_uri = arguments[9];
  TokenSource tokens(client, std::string(arguments[8]) + ".token", system_clock(),
                     https_post(settings.ca_file), sleep);
  if (count > 9) settings.token = [&tokens](bool anew) { return tokens.token(anew); };
  FetchReport report = recover_archive(context);
  report += fetch_mailbox(settings, context);
  return report;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 9) return static_cast<int>(ExitCode::usage);
  try {
    const FetchReport report = fetch(count, arguments);
    std::cout << "recorded " << report.recorded << " known " << report.known << " failed "
              << report.failed << "\n";
    return 0;
  } catch (const Error& error) {
    std::cout << error.what() << "\n";
    return static_cast<int>(error.code());
  }
}
