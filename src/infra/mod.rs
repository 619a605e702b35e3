//! Infrastructure: every format lowered to resources in CloudFormation's shape.
