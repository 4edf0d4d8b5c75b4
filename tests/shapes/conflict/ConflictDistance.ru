# A distance in words.
INSERT DATA { :conflict trt:daysApart "many" }
