# Affirmed and denied at once.
INSERT DATA { :aim trt:polarity trt:Denied }
