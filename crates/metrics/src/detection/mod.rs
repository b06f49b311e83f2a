//! Detection: boxes and masks, matched and counted as COCO does.
