#include "config/secrets.hpp"

#include <fmt/format.h>

#include "config/oauth_file.hpp"
#include "model/error.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "platform/process.hpp"
#include "platform/terminal.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_secret = 64u << 10;
constexpr auto longest_command = std::chrono::seconds(30);

class SystemSecrets : public SecretStore {
 public:
  explicit SystemSecrets(std::vector<std::string> withheld) : withheld_(std::move(withheld)) {}

  std::optional<std::string> environment(const std::string& name) override {
    return environment_variable(name);
  }

  std::string file(const std::string& path) override {
    return read_file(path_from_utf8(path), longest_secret);
  }

  std::string command(const std::vector<std::string>& arguments) override {
    ProgramResult result = run_program(arguments, longest_secret, longest_command, withheld_);
    if (result.too_slow) {
      throw Error(ExitCode::config,
                  fmt::format("{} did not end within {} s", arguments[0], longest_command.count()));
    }
    if (result.too_much) {
      throw Error(ExitCode::config, fmt::format("{} prints more than 64 KiB", arguments[0]));
    }
    if (result.exit_code != 0) {
      throw Error(ExitCode::config,
                  fmt::format("{} ended with exit code {}", arguments[0], result.exit_code));
    }
    return std::move(result.output);
  }

  std::optional<std::string> credential(const std::string& key) override {
    const auto folder = environment_variable("CREDENTIALS_DIRECTORY");
    if (!folder || folder->empty()) return std::nullopt;
    const auto path = path_from_utf8(*folder) / path_from_utf8(key);
    if (!look_at(path)) return std::nullopt;
    return read_file(path, longest_secret);
  }

 private:
  std::vector<std::string> withheld_;
};

Secret checked(std::string_view key, std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  const auto refuse = [key](std::string_view what) {
    throw Error(ExitCode::config, fmt::format("{}: {}", key, what));
  };
  if (text.empty()) refuse("the secret is empty");
  if (text.size() > longest_secret) refuse("the secret is longer than 64 KiB");
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    refuse("the secret has several lines or a NUL; wanted one line");
  }
  return Secret(std::move(text));
}

std::string read_source(const SecretSource& source, SecretStore& store) {
  switch (source.kind) {
    case SecretSource::Kind::clear:
      return source.clear.reveal();
    case SecretSource::Kind::environment: {
      auto value = store.environment(source.where);
      if (value) return *std::move(value);
      throw Error(ExitCode::config, fmt::format("{}: the environment variable {} is not set",
                                                source.key, source.where));
    }
    case SecretSource::Kind::file:
      // Of a service whose user may not read the file, systemd has read it.
      if (auto handed = store.credential(source.key)) return *std::move(handed);
      return within(source.key, [&] { return store.file(source.where); });
    case SecretSource::Kind::command: {
      const auto words = command_words(source.where);
      if (!words || words->empty()) {
        throw Error(ExitCode::config,
                    fmt::format("{}: wanted command:PROGRAM ARGS, quotes closed", source.key));
      }
      return within(source.key, [&] { return store.command(*words); });
    }
    case SecretSource::Kind::credential: {
      auto value = store.credential(source.key);
      if (value) return *std::move(value);
      throw Error(ExitCode::config,
                  fmt::format("{}: there is no credential of this name", source.key));
    }
  }
  throw Error(ExitCode::software, "a secret of no known kind");
}

}  // namespace

std::unique_ptr<SecretStore> system_secrets(std::vector<std::string> withheld) {
  return std::make_unique<SystemSecrets>(std::move(withheld));
}

std::vector<std::string> secret_variables(const Box& box) {
  std::vector<std::string> names;
  const auto add = [&names](const SecretSource& source) {
    if (source.kind == SecretSource::Kind::environment) names.push_back(source.where);
  };
  bool oauth = false;
  for (const auto& server : {box.pop3, box.smtp}) {
    if (server && server->password) add(*server->password);
    oauth = oauth || (server && server->oauth);
  }
  if (!oauth) return names;
  try {
    add(read_oauth_file(box.oauth_file()).client_secret);
  } catch (const Error&) {
    // Whoever needs the file says what is wrong with it.
    return names;
  }
  return names;
}

Secret resolve(const SecretSource& source, SecretStore& store) {
  return checked(source.key, read_source(source, store));
}

std::optional<Secret> find_secret(const std::string& key, const std::optional<SecretSource>& source,
                                  SecretStore& store) {
  if (source) return resolve(*source, store);
  if (auto value = store.credential(key)) return checked(key, *std::move(value));
  return std::nullopt;
}

std::optional<std::vector<std::string>> command_words(std::string_view command) {
  std::vector<std::string> words;
  bool quoted = false;
  bool open = false;
  for (const char letter : command) {
    if (letter == '"') {
      quoted = !quoted;
      if (!open) words.emplace_back();
      open = true;
    } else if (!quoted && (letter == ' ' || letter == '\t')) {
      open = false;
    } else {
      if (!open) words.emplace_back();
      open = true;
      words.back() += letter;
    }
  }
  if (quoted) return std::nullopt;
  return words;
}

}  // namespace paymentctl
