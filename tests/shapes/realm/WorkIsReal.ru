# A cited work taken for a thing of the story.
INSERT DATA { :work a trt:FictionalEntity }
