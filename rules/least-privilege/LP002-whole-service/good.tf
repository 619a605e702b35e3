data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "orders" {
  statement {
    actions   = ["s3:GetObject*", "s3:PutObject"]
    resources = ["arn:aws:s3:::orders-archive/*"]
  }

  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["*"]
  }
}

resource "aws_iam_role" "orders" {
  name               = "orders"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.id
  policy = data.aws_iam_policy_document.orders.json
}

resource "aws_iam_role" "archive" {
  name               = "archive"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name   = "archive"
    policy = data.aws_iam_policy_document.orders.json
  }
  tags = {
    DataClassification = "internal"
  }
}
