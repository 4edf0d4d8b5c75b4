# A plan with a date of happening.
INSERT DATA { :plan trt:date "2373" }
