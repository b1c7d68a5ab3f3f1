#include "models/analytic/siidr.h"

#include <Eigen/Dense>
#include <Eigen/Eigenvalues>

namespace trustfall::analytic {

double growth(const Siidr& model) {
  Eigen::Matrix2d flows;
  flows << model.infection - model.removal - model.to_dormant, model.to_infected, model.to_dormant,
      -model.to_infected;
  return flows.eigenvalues().real().maxCoeff();
}

}  // namespace trustfall::analytic
