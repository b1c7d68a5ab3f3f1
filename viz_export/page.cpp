#include "viz_export/page.h"

#include <cassert>
#include <ostream>

#include "viz_export/page_data.h"
#include "viz_export/page_template.h"

namespace trustfall {

void write_page(const Results& results, Names names, std::ostream& out) {
  constexpr std::string_view place = "@TRUSTFALL_DATA@";
  const std::string_view page = page_template();
  const std::size_t at = page.find(place);
  assert(at != std::string_view::npos);
  out << page.substr(0, at) << page_data(results, names) << page.substr(at + place.size());
}

}  // namespace trustfall
