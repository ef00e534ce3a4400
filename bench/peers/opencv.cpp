/* OpenCV on pixels of one byte. Mat is a view of the job's buffers; pixels beyond the frame are those of its edge. */
#include <cstring>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

extern "C" {
#include "peers.h"
}

namespace {

struct pictures {
    cv::Mat source;
    cv::Mat target;
    cv::Mat between;
    cv::Mat kernel;
};

} // namespace

void opencv_prepare(struct job *job)
{
    cv::setNumThreads(0);
    const int height = static_cast<int>(job->height);
    const int width = static_cast<int>(job->width);
    pictures *const own = new pictures;
    own->source = cv::Mat(height, width, CV_8UC1, const_cast<uint8_t *>(job->pixels));
    own->target = cv::Mat(height, width, CV_8UC1, job->bytes);
    own->between = cv::Mat(height, width, CV_8UC1);
    own->kernel = cv::Mat(element.height, element.width, CV_8UC1);
    for (int index = 0; index < element.height * element.width; index++) {
        own->kernel.data[index] = element.members[index] == '#';
    }
    job->own = own;
}

void opencv_run(const struct job *job)
{
    pictures *const own = static_cast<pictures *>(job->own);
    const cv::Point origin(element.column, element.row);
    const cv::Mat *source = &own->source;
    const size_t count = std::strlen(operations);
    for (size_t step = 0; step < count; step++) {
        /* Alternates so that the last one writes the job's bytes. */
        cv::Mat &target = (count - step) % 2 == 1 ? own->target : own->between;
        if (operations[step] == 'e') {
            cv::erode(*source, target, own->kernel, origin, 1, cv::BORDER_REPLICATE);
        } else {
            cv::dilate(*source, target, own->kernel, origin, 1, cv::BORDER_REPLICATE);
        }
        source = &target;
    }
}
