resource "aws_sns_topic" "alerts" { # leastwise: EN006
  name = "alerts"
}
