resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_sns_topic" "results" {
  name              = "results"
  display_name      = "Results"
  kms_master_key_id = aws_kms_key.own.arn
  tags              = { DataClassification = "phi" }
}

data "aws_iam_policy_document" "results" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.results.arn]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["111122223333"]
    }
  }
}

resource "aws_sns_topic_policy" "results" {
  arn    = aws_sns_topic.results.arn
  policy = data.aws_iam_policy_document.results.json
}

resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.results.arn
  protocol  = "https"
  endpoint  = "https://clinic.test/results"
}
