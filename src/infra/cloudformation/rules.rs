//! `Rules`: what a template demands of its parameters before it is deployed.

use super::evaluator::Evaluator;
use crate::source::ProblemKind;
use crate::syntax::Node;

impl Evaluator<'_> {
    /// Says which rules the parameters break for certain: the provider would refuse the deployment, so that what is
    /// judged is not what will be there.
    pub(super) fn check_rules(&mut self, template: &Node) {
        for rule in template.get("Rules").map(Node::entries).unwrap_or_default() {
            let applies = rule.value.get("RuleCondition").map_or(Some(true), |condition| self.truth(condition));
            if applies != Some(true) {
                continue;
            }
            for assertion in rule.value.get("Assertions").map(Node::items).unwrap_or_default() {
                let Some(assert) = assertion.get("Assert") else { continue };
                if self.truth(assert) == Some(false) {
                    let said = assertion.get("AssertDescription").and_then(Node::as_text);
                    let said = said.map(|text| format!(" ({text})")).unwrap_or_default();
                    let message = format!(
                        "the values of its parameters break the template's rule `{}`{said}: it cannot be deployed with \
                         them; give others with --parameter",
                        rule.key
                    );
                    self.report(ProblemKind::Config, assert.span, message);
                }
            }
        }
    }
}
