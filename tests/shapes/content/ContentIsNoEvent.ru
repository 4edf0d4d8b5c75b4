# A planned killing recorded as an attack.
INSERT DATA { :plan a trt:Attack }
