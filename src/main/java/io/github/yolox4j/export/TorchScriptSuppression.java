package io.github.yolox4j.export;

/** Non-maximum suppression as TorchScript, to the same detections as this program's own. */
final class TorchScriptSuppression {

  private TorchScriptSuppression() {}

  /** The methods forward and what it calls; it needs a method predictions. */
  static String source(Output.Detections detections) {
    return """
    def keep(self, corners: Tensor, scores: Tensor, classes: Tensor, confidence: float, iou: float) -> Tensor:
        candidates = torch.nonzero(scores >= confidence).flatten()
        order = torch.sort(scores[candidates], stable=True, dim=0, descending=True)[1]
        waiting = candidates[order]
        areas = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
        kept: List[Tensor] = []
        while waiting.size(0) > 0 and len(kept) < %3$d:
            best = waiting[0:1]
            kept.append(best)
            waiting = waiting[1:]
            top_left = torch.maximum(corners[waiting, 0:2], corners[best, 0:2])
            bottom_right = torch.minimum(corners[waiting, 2:4], corners[best, 2:4])
            sides = (bottom_right - top_left).clamp(0)
            common = sides[:, 0] * sides[:, 1]
            overlap = common / (areas[waiting] + areas[best] - common)
            dropped = (common > 0) & (overlap > iou) & (classes[waiting] == classes[best])
            waiting = waiting[torch.logical_not(dropped)]
        if len(kept) == 0:
            return candidates
        return torch.cat(kept)

    def forward(self, pictures: Tensor, confidence: float = %1$s, iou: float = %2$s) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        predictions = self.predictions(pictures)
        centre = predictions[:, :, 0:2]
        half = predictions[:, :, 2:4] / 2
        corners = torch.cat([centre - half, centre + half], 2)
        probability, classes = torch.max(predictions[:, :, 5:], 2)
        scores = predictions[:, :, 4] * probability
        batch = predictions.size(0)
        found_boxes = torch.zeros([batch, %3$d, 4], dtype=torch.float32, device=predictions.device)
        found_scores = torch.zeros([batch, %3$d], dtype=torch.float32, device=predictions.device)
        found_classes = torch.zeros([batch, %3$d], dtype=torch.int64, device=predictions.device)
        counts = torch.zeros([batch], dtype=torch.int64, device=predictions.device)
        for b in range(batch):
            kept = self.keep(corners[b], scores[b], classes[b], confidence, iou)
            count = kept.size(0)
            found_boxes[b, :count] = corners[b][kept]
            found_scores[b, :count] = scores[b][kept]
            found_classes[b, :count] = classes[b][kept]
            counts[b] = count
        return found_boxes, found_scores, found_classes, counts
    """
        .formatted(
            (double) detections.confidence(), (double) detections.iou(), detections.maximum());
  }
}
