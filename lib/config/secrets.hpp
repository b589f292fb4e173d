#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/box.hpp"
#include "config/secret.hpp"

namespace paymentctl {

/// The places where secrets are kept, so that a test can hold them.
class SecretStore {
 public:
  virtual ~SecretStore() = default;
  [[nodiscard]] virtual std::optional<std::string> environment(const std::string& name) = 0;
  /// The file's whole content. Errors: those of reading a file.
  [[nodiscard]] virtual std::string file(const std::string& path) = 0;
  /// What the program prints. Error(config) when it cannot be started or does not end well.
  [[nodiscard]] virtual std::string command(const std::vector<std::string>& arguments) = 0;
  /// The file of that name in systemd's credentials folder; nullopt where there is none.
  [[nodiscard]] virtual std::optional<std::string> credential(const std::string& key) = 0;
};

/// The machine's own: its environment, files and programs, and $CREDENTIALS_DIRECTORY. Programs do
/// not get the environment variables of `withheld`.
std::unique_ptr<SecretStore> system_secrets(std::vector<std::string> withheld = {});

/// The environment variables in which the box and its MicrosoftOAuth.json keep secrets: no business
/// of a program that gives one of the others.
std::vector<std::string> secret_variables(const Box& box);

/// The secret of `source`, read now; of a file as a credential with the key's name, where there is
/// one. One line end behind it is not part of it. Error(config) that
/// names key and place, never the secret: nothing there, empty, more than 64 KiB, or several lines.
Secret resolve(const SecretSource& source, SecretStore& store);

/// The secret that the configuration names, else the credential with the key's name; nullopt where
/// there is neither.
std::optional<Secret> find_secret(const std::string& key, const std::optional<SecretSource>& source,
                                  SecretStore& store);

/// The words of `command:`: apart by blanks, blanks inside double quotes kept. No shell, so nothing
/// else means anything. nullopt where a quote is not closed.
std::optional<std::vector<std::string>> command_words(std::string_view command);

}  // namespace paymentctl
