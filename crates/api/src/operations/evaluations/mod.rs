//! Evaluations: one file an operation.

mod get_evaluation;
mod get_model_version_evaluation;
mod list_evaluations;
mod list_model_version_evaluations;
mod post_evaluations;
mod post_model_version_evaluations;

pub use get_evaluation::GetEvaluation;
pub use get_model_version_evaluation::GetModelVersionEvaluation;
pub use list_evaluations::ListEvaluations;
pub use list_model_version_evaluations::ListModelVersionEvaluations;
pub use post_evaluations::PostEvaluations;
pub use post_model_version_evaluations::PostModelVersionEvaluations;
