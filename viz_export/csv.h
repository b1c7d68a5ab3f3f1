#pragma once

#include <iosfwd>

#include "sim/base/table.h"

namespace trustfall {

enum class Header { written, left_out };

/// Comma-separated, quoted where needed (RFC 4180), numbers in their shortest form that reads back the same. Texts
/// that a spreadsheet would run as a formula get an apostrophe in front.
void write_csv(const Table& table, std::ostream& out, Header header = Header::written);

}  // namespace trustfall
