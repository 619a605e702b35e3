resource "aws_sqs_queue" "off" {
  name                    = "jobs"
  sqs_managed_sse_enabled = false # leastwise: EN005
}

resource "aws_sqs_queue" "patients" {
  name                    = "patients"
  sqs_managed_sse_enabled = true # leastwise: EN005
  tags = {
    DataClassification = "phi"
  }
}
