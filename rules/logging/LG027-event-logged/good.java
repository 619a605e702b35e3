package com.example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.logging.Logging;

public class App implements RequestHandler<SQSEvent, String> {
  private static final Logger LOGGER = LoggerFactory.getLogger(App.class);

  @Logging(logEvent = false)
  public String handleRequest(SQSEvent event, Context context) {
    LOGGER.info("got {} messages", event.getRecords().size());
    context.getLogger().log("request " + context.getAwsRequestId());
    plan(List.of("opening"));
    return "";
  }

  /** An event of a calendar, not the one that the function was invoked with. */
  private void plan(List<String> calendar) {
    for (String event : calendar) {
      LOGGER.info("planned {}", event);
    }
  }
}
