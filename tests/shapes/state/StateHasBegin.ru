# A state in force that no event began.
DELETE WHERE { :held trt:beganWith ?any }
