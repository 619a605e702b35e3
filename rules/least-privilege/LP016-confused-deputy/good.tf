resource "aws_sqs_queue" "inbox" {
  name = "inbox"
}

resource "aws_sns_topic" "orders" {
  name = "orders"
}

resource "aws_sqs_queue_policy" "inbox" {
  queue_url = aws_sqs_queue.inbox.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "sns.amazonaws.com"
        }
        Action = "sqs:SendMessage"
        Resource = "arn:aws:sqs:eu-central-1:111122223333:inbox"
        Condition = {
          ArnEquals = {
            "aws:SourceArn" = "arn:aws:sns:eu-central-1:111122223333:orders"
          }
        }
      },
    ]
  })
}
