# A provision that is a right and a duty at once.
INSERT DATA { :provision trt:positionKind trt:Obligation }
