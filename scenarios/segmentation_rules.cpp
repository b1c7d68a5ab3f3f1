#include "scenarios/segmentation_rules.h"

namespace trustfall {

void check_segmentation(Document& document) {
  for (const schema::Segmentation& matrix : document.scenario.segmentation()) {
    const std::string path = "segmentation." + matrix.name();
    if (matrix.where().systems_size() > 0)
      report(document, path + ".where.systems",
             "a matrix of networks does not see Windows versions; select by devices or networks");
    if (matrix.share() <= 0 || matrix.misconfigured() >= 1)
      report(document, path + (matrix.share() <= 0 ? ".share" : ".misconfigured"),
             "the matrix holds nowhere: it changes nothing", {}, Severity::warning);
  }
}

}  // namespace trustfall
