#pragma once

#include "parse/reading.hpp"

namespace paymentctl {

/// What is left of a forwarded mail's text behind the block that the forwarding program inserted
/// ("Od: … Datum: … Komu: … Předmět: …", or in English). Without such a block the whole text.
Region behind_forward_header(const FoldedText& text);

}  // namespace paymentctl
