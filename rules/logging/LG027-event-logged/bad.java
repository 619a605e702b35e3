package com.example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.google.gson.Gson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.logging.Logging;

public class App implements RequestHandler<APIGatewayProxyRequestEvent, String> {
  private static final Logger LOGGER = LoggerFactory.getLogger(App.class);
  private final Gson gson = new Gson();

  @Logging(logEvent = true) // leastwise: LG027
  public String handleRequest(APIGatewayProxyRequestEvent event, Context context) {
    System.out.println(event); // leastwise: LG027
    context.getLogger().log("got " + event); // leastwise: LG027
    LOGGER.info("got {}", event); // leastwise: LG027
    LOGGER.debug(gson.toJson(event)); // leastwise: LG027
    return "";
  }
}
