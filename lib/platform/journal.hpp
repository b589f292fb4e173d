#pragma once

namespace paymentctl {

/// Whether standard error goes to systemd's journal, where a line that begins with <3> is an error,
/// <4> a warning, <6> information, <7> a detail (sd-daemon(3)).
bool errors_go_to_journal();

}  // namespace paymentctl
